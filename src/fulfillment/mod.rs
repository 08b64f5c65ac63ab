//! What leaves the house: parcels with their carriers and tracking numbers, whole orders or parts.

mod admin;
mod carriers;
mod ship;
mod store;

pub use admin::admin_routes;
pub use carriers::{Carrier, carrier, carriers};
pub use ship::{Parcel, ShipRefused, deliver, ship};
pub use store::{Fulfilment, FulfilmentLine, find, lines, list};
