//! Provisional.
fn main() {}
