//! The shop that a newcomer sees first: made-up goods with drawn pictures of our own.

pub mod art;
