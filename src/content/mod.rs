//! What the merchant writes: pages (shipping, returns, privacy, imprint …), articles of blogs, the home page.

mod admin;
mod edit;
mod home;
mod page;
mod pages;
mod store;

pub use admin::admin_routes;
pub use edit::{PageEdit, PageRefused, create, delete, set_picture, update};
pub use home::{Home, Section};
pub use page::Page;
pub use pages::public_routes;
pub use store::{Found, articles, by_handle, footer, matching, named, next_article};
