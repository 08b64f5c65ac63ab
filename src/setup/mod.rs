//! Opening a real shop on an empty database: the owner answers a page of questions, and there is a market with its
//! taxes, a place for the stock and a way to deliver. Everything can be changed in the settings later.

mod admin;
mod opening;

pub use admin::admin_routes;
pub use opening::{Opening, Reach, open};
