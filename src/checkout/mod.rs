//! One page that asks for what an order needs, and `place`: the one verb that turns a cart into an order.

mod details;
mod pages;
mod place;
mod session;

pub use details::{Checked, check};
pub use pages::routes;
pub use place::{PlaceRefused, Placed, Placing, place};
pub use session::{open_session, session_request};
