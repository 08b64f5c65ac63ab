//! Markets: countries, currency, languages, price list. The hinge of everything cross-border, and the shop's own facts.

mod admin;
mod market;
mod shop;
mod store;

pub use admin::admin_routes;
pub use market::{Market, Pair, PriceList};
pub use shop::{BankAccount, ShopSettings};
pub use store::{insert, load};
