//! What is for sale, and how it is shown.

pub mod picture;

pub mod edit;
pub mod store;
