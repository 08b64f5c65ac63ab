//! Other shops' files. Reading is pure: bytes become a catalogue of drafts and a list of problems. Nothing in a file is
//! guessed: what cannot be read is reported with its row and column, and the rest is kept. `apply` puts the drafts into
//! the shop through the verbs of the rooms below.

mod apply;
mod cells;
mod column;
mod draft;
mod report;
pub mod shopify;
mod store;
mod table;

pub use apply::import_shopify;
pub use cells::guarded;
pub use column::{Column, Dialect};
pub use draft::{Catalogue, Counts, ImageDraft, Problem, ProblemKind, ProductDraft, ReadError, Status, VariantDraft};
pub use report::{DryRun, Effects};
pub use table::{Encoding, LineEnd, MAX_BYTES, Row, Table, TableError};
