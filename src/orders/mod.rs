//! What was sold: the order frozen, its money and goods followed to the end. Statuses are derived from ledgers and
//! stored by one function; nothing re-prices an order.

mod admin;
mod attach;
mod cancel;
mod history;
mod jobs;
mod mails;
mod order;
mod pages;
mod refund;
mod settle;
mod status;
mod stock;
mod store;
mod tasks;
mod transfer;

pub use admin::admin_routes;
pub use attach::attach_guest_orders;
pub use cancel::{CancelRefused, cancel};
pub use history::{Past, of_customer};
pub use jobs::run_job;
pub use order::{Consent, DeliveryChoice, Line, Order, named};
pub use pages::routes;
pub use refund::{Pieces, RefundRefused, Wanted, refund, refundable, settle_refund};
pub use settle::{CheckError, Settled, ask, check, commit, end_session, place, recompute, settle};
pub use status::{Facts, FulfilmentStatus, OrderStatus, PaymentStatus};
pub use stock::note as stock_note;
pub use store::desk::{Filter, Listed, Spent, View, search, spent};
pub use store::{
    Event, add_shipped, append_event, events, facts, find, find_by_number, insert, last_address, lines, lock, of_cart, set_flag, set_statuses,
};
pub use tasks::{LETTER, Letter, LetterTask, REFUND, RefundTask, letter};
pub use transfer::{Received, receive, waive_rest};
