//! A backup is one file with everything: every row of the database as of one moment, and every file of the shop. It is a
//! gzipped tar inside an [age](https://age-encryption.org/v1) file with a passphrase, so that `age --decrypt` and `tar` open
//! it too. Restoring fills an empty database, brings it up to date and lets the books be examined (R15).

mod archive;
mod restore;
mod store;
mod verify;
mod write;

pub use restore::{RestoreRefused, restore};
pub use verify::{Proof, verify};
pub use write::write;

/// Characters that a passphrase has at least: whoever finds the file may guess as long as they like.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// What stands at the beginning of a backup.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// Of the layout of the archive; another one is refused.
    pub format: u32,
    pub wharf: String,
    pub made_at: String,
    /// The newest migration that the rows fit.
    pub schema: i64,
    /// In an order in which no row refers to one that comes later.
    pub tables: Vec<Table>,
    pub sequences: Vec<Sequence>,
}

/// The layout that is written.
const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::FromRow)]
pub struct Sequence {
    pub name: String,
    pub last_value: i64,
    pub is_called: bool,
}

/// What a backup holds, told at its end: without it the file is not whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    pub rows: u64,
    pub files: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Files that the database names and that were not there.
    pub missing: Vec<String>,
}
