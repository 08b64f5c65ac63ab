//! What the words of a query are matched against.

mod store;

pub use store::refresh;
