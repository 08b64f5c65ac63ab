//! Zones by country and postcode, and the rates that apply in them: flat, by weight, free above a value.

mod admin;
mod areas;
mod store;
mod table;

pub use admin::admin_routes;
pub use areas::{areas, outside_vat};
pub use store::{insert_method, insert_zone, list_methods, load, set_method};
pub use table::{Band, DeliveryTable, Method, Offer, Refusal, Zone};
