//! Reading other shops' files: bytes become a catalogue of drafts and a list of problems. Pure: no SQL, no HTTP,
//! no pictures fetched; what to do with the drafts is decided by the rooms above. Nothing in a file is guessed:
//! what cannot be read is reported with its row and column, and the rest is kept.

mod cells;
mod column;
mod draft;
mod report;
pub mod shopify;
mod table;

pub use cells::guarded;
pub use column::{Column, Dialect};
pub use draft::{Catalogue, Counts, ImageDraft, Problem, ProblemKind, ProductDraft, ReadError, Status, VariantDraft};
pub use report::{DryRun, Effects};
pub use table::{Encoding, LineEnd, MAX_BYTES, Row, Table, TableError};
