//! The books: whether levels, totals, payments and statuses are what the ledgers say. Only reads; names what differs.

mod admin;
mod examine;
mod store;

pub use admin::admin_routes;
pub use examine::{Counts, Difference, Report, Subject, examine, report};
