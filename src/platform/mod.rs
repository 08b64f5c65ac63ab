//! Machinery that knows no shop.

pub mod postgres;
