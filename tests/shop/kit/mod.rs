//! What tests need around the shop.

pub mod stripe;
