//! What the shop's numbers say: the merchant's first page. Reads other rooms' tables, writes none.

mod admin;
mod chart;
mod store;

pub use admin::admin_routes;
pub use store::has_orders;
