//! What the shop needs of the world outside it: storage of files, and guarded fetches.

pub mod blobs;
pub mod fetch;
