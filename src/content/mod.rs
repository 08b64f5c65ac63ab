//! Pages that the merchant writes: shipping, returns, privacy, imprint …

mod edit;
mod page;
mod pages;
mod store;

pub use edit::{PageEdit, create};
pub use page::Page;
pub use pages::public_routes;
pub use store::{by_handle, footer};
