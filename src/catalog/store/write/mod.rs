//! Statements of the merchant's verbs.

pub mod collections;
pub mod media;
pub mod products;
pub mod variants;
