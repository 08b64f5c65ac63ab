//! What machines read: structured data, sitemap, robots.txt.

mod pages;
mod store;
pub mod structured;

pub use pages::routes;
pub use store::{Entry, entries, products, products_count};
