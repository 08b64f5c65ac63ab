//! Lists of products: of a collection, the newest, or those that the words of a query mean. One statement each.

mod filter;
mod listing;
mod store;
mod words;

pub use filter::{Choice, Facets, Filter, Sort, Switch};
pub use listing::{Card, Listing, PAGE_SIZE, Query, Which};
pub use store::{listing, refresh, refresh_all};
