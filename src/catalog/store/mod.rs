//! All SQL of the catalogue.

pub mod admin;
pub mod companions;
pub mod read;
pub mod write;
