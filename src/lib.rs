//! Wharf: an online shop in one binary. This page is its floor plan, lowest storey first.

pub mod base;
pub mod importing;
