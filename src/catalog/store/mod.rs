//! All SQL of the catalogue.

pub mod admin;
pub mod read;
pub mod write;
