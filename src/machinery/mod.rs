//! The machine room as staff see it: letters as they were written, jobs that wait or were laid aside, and what browsers
//! refused on the shop's pages. The machinery itself is `platform`, which knows no pages.

mod admin;
mod hooks;
mod report;
mod store;

pub use admin::admin_routes;
pub use hooks::hook_routes;
pub use store::{new_payment_reports, prune_reports};
