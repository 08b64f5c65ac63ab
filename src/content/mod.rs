//! Pages that the merchant writes: shipping, returns, privacy, imprint …

mod page;
mod pages;
mod store;

pub use page::Page;
pub use pages::public_routes;
pub use store::{by_handle, footer};
