//! SQL of the staff: people, their sessions, and the log of what they changed.

mod factors;
mod log;
mod people;
mod sessions;

pub use factors::*;
pub use log::audit;
pub use people::*;
pub use sessions::*;
