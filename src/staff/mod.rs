//! The shop's people: who may do what, and what they did.

mod guard;
mod store;

pub use guard::{Catalog, Orders, Refunds, Staff, Stock};
pub use store::audit;
