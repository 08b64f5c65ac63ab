//! What can keep the private Postgres from starting, each said in one sentence that names the cure.

use std::io;
use std::path::PathBuf;

/// Why the private Postgres did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("No Postgres server was found on this machine: install {advice}, or set DATABASE_URL to a database you have.")]
    NotFound { advice: &'static str },
    #[error("Wharf needs Postgres 15 or newer, but only version {found} was found, in {}.", folder.display())]
    TooOld { found: u32, folder: PathBuf },
    #[error("The shop's data were made by Postgres {made_by}, but only version {found} was found, in {}: install version {made_by} beside it.", folder.display())]
    OtherVersion { made_by: u32, found: u32, folder: PathBuf },
    #[error("Wharf cannot write in {} ({because}): make the folder writable, or set DATABASE_URL to a database you have.", folder.display())]
    // Not a source: the sentence says it already.
    Unwritable { folder: PathBuf, because: io::Error },
    #[error("The folder {} belongs to another user (number {owner}): run Wharf as that user or as root.", folder.display())]
    OtherOwner { folder: PathBuf, owner: u32 },
    #[error("Postgres refuses to run as root, and this machine has neither a user `postgres` nor `nobody`: run Wharf as an ordinary user.")]
    NoAccount,
    #[error("The folder {} is in use by another running Wharf (process {pid}): stop that one first.", home.display())]
    InUse { home: PathBuf, pid: String },
    #[error("The Postgres program `{program}` failed. The last it said:\n{said}")]
    Failed { program: &'static str, said: String },
    #[error("The private Postgres runs, but does not answer: {0}.")]
    Unreachable(#[from] sqlx::Error),
}
