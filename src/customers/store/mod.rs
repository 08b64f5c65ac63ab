//! All SQL of the room.

pub mod accounts;
pub mod addresses;
pub mod admin;
pub mod sessions;
