//! Every total of the shop, with its explanation. `quote` is pure; page, cart, checkout, mail, JSON-LD and order show
//! its numbers, and nobody adds amounts up anywhere else.

mod offers;
mod quote;
mod rules;
mod store;

pub use offers::VariantOffer;
pub use quote::{Input, LineInput, Quote, QuotedDelivery, QuotedLine, Reason, TaxRow, quote};
pub use rules::Rules;
pub use store::{PriceRow, list, offers, rules_version, schedule, set_price};
