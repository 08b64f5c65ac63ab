//! Tax by class and country, dated. A change of the law is a row entered in advance, read as of an instant.

mod admin;
mod store;
mod table;

pub use admin::admin_routes;
pub use store::{insert, load, standard_rates};
pub use table::{DatedRate, TaxTable};
