//! Payments: what a provider is asked, what it answers, and the ledger of what was really paid. Card fields never
//! touch the shop; what a provider says of a session decides, never what a browser or a message claims.

mod amount;
mod hooks;
mod jobs;
mod pages;
mod payment;
mod provider;
mod providers;
mod record;
mod store;
pub mod stripe;
mod test;

pub use amount::{ChargeError, from_stripe_amount, stripe_amount, stripe_units};
pub use hooks::routes as hook_routes;
pub use jobs::run_job;
pub use pages::routes;
pub use payment::{Method, Payment, Refund, State};
pub use provider::{
    EventKind, ProviderError, ProviderEvent, RefundRequest, RefundStanding, Session, SessionLine, SessionRequest, Standing, WebhookError,
};
pub use providers::Providers;
pub use record::{Recorded, receive, record, record_refund};
pub use store::{
    Receipt, balance, find, find_by_session, insert, insert_refund, latest, list_refunds, lock, of_order, open_for_sweep, receipts, refund,
    refund_lines, set_open, set_state, unfinished_refunds, webhook, webhook_done, webhook_store, with_money,
};
pub use stripe::{Stripe, StripeConfig};
pub use test::{Choice, choose, visit};
