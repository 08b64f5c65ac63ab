//! Pages that the merchant writes: shipping, returns, privacy, imprint …

mod admin;
mod edit;
mod page;
mod pages;
mod store;

pub use admin::admin_routes;
pub use edit::{PageEdit, PageRefused, create, delete, update};
pub use page::Page;
pub use pages::public_routes;
pub use store::{by_handle, footer};
