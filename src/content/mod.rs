//! Pages that the merchant writes: shipping, returns, privacy, imprint …

mod edit;
mod store;

pub use edit::{PageEdit, create};
pub use store::footer;
