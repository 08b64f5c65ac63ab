//! Pages that the merchant writes: shipping, returns, privacy, imprint …

mod store;

pub use store::footer;
