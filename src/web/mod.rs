//! The HTTP kit: knows pages, not products.

pub mod address_form;
pub mod assets;
pub mod cache;
pub mod client;
pub mod compress;
pub mod cookies;
pub mod error;
pub mod filters;
pub mod form;
pub mod frame;
pub mod headers;
pub mod jsonld;
pub mod letter;
pub mod limits;
pub mod markdown;
pub mod next;
pub mod qr;
pub mod spliced;
pub mod spots;
pub mod typed;
pub mod visitor;
pub mod words;

pub use error::{AppError, PageResult};
pub use form::{Fields, Problems};
pub use frame::{Frame, Link, Meta, Personal, Site};
pub use visitor::{Customer, SignedIn, Visitor};
