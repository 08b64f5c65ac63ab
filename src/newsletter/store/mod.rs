//! SQL of the newsletter.

pub mod deliveries;
pub mod issues;
pub mod subscribers;
pub mod suppressions;
