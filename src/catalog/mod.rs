//! What is for sale, and how it is shown.

mod admin;
mod collection;
mod jobs;
mod media;
pub mod originals;
mod pages;
pub mod picture;
mod product;
pub mod tasks;

pub mod edit;
pub mod store;

pub use admin::admin_routes;
pub use collection::{Collection, CollectionLink, CollectionTile};
pub use jobs::run_job;
pub use media::Picture;
pub use pages::{media_routes, public_routes};
pub use product::{Product, Variant};
pub use store::read::{by_handle, collection_by_handle, collections, files, originals};
