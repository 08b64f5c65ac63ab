//! Filling an empty shop from a backup: the schema that its rows fit, the rows in one transaction, the files, then the
//! schema of today.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use sqlx::{PgConnection, PgPool};

use super::archive::{self, Unreadable};
use super::{FORMAT, Manifest, Summary, Table, store};
use crate::platform::blobs::Blobs;
use crate::platform::db;

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreRefused {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("this database holds a shop already; a backup is restored into an empty one")]
    NotEmpty,
    #[error("this database is of a newer schema than the backup; restore into one that nobody has used yet, it is brought up to date afterwards")]
    TooOld,
    #[error("the backup was made by a newer Wharf ({0}); restore it with that one")]
    TooNew(String),
    #[error("the backup is not whole: it ends before its summary. Nothing was restored")]
    NotWhole,
    #[error("the backup says that it holds {said}, but it holds {found}. Nothing was restored")]
    Differs { said: String, found: String },
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for RestoreRefused {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<std::io::Error> for RestoreRefused {
    fn from(_: std::io::Error) -> Self {
        // Decryption, decompression and the archive all say so when bytes are missing or were changed.
        Self::NotWhole
    }
}

/// Restores into a database that holds no shop. Files that were written before a refusal stay; they are named by nothing.
pub async fn restore(db: &PgPool, blobs: &Blobs, place: &Path, passphrase: &str) -> Result<(Manifest, Summary), RestoreRefused> {
    let mut archive = archive::open(place, passphrase)?;
    let mut entries = archive.entries()?;
    let mut first = entries.next().ok_or(RestoreRefused::NotWhole)??;
    let manifest: Manifest = serde_json::from_reader(&mut first).map_err(|_| Unreadable::NoBackup)?;
    let newest = db::MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    if manifest.format != FORMAT || manifest.schema > newest {
        return Err(RestoreRefused::TooNew(manifest.wharf));
    }
    let mut connection = db.acquire().await?;
    if store::has_schema(&mut *connection).await? && store::schema_version(&mut *connection).await? > Some(manifest.schema) {
        return Err(if store::is_empty(&mut *connection).await? { RestoreRefused::TooOld } else { RestoreRefused::NotEmpty });
    }
    db::MIGRATIONS.run_to(manifest.schema, &mut *connection).await.context("the schema of the backup")?;
    if !store::is_empty(&mut *connection).await? {
        return Err(RestoreRefused::NotEmpty);
    }
    store::begin(&mut connection).await?;
    let outcome = fill(&mut connection, blobs, &manifest, &mut entries).await;
    store::end(&mut connection, outcome.is_ok()).await?;
    let summary = outcome?;
    db::MIGRATIONS.run(&mut *connection).await.context("the schema of today")?;
    store::analyze(&mut connection).await?;
    Ok((manifest, summary))
}

async fn fill<R: Read>(
    db: &mut PgConnection,
    blobs: &Blobs,
    manifest: &Manifest,
    entries: &mut tar::Entries<'_, R>,
) -> Result<Summary, RestoreRefused> {
    store::empty(db, &manifest.tables).await?;
    let (mut found, mut said) = (Summary::default(), None);
    for entry in entries {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let bytes = archive::read(&mut entry)?;
        if let Some(key) = name.strip_prefix("files/") {
            found.files += 1;
            found.bytes += bytes.len() as u64;
            blobs.put(key, bytes.into(), content_type(key)).await.context("a file")?;
        } else if let Some(table) = name.strip_prefix("rows/").and_then(|rest| rest.split('/').next()) {
            let table = manifest.tables.iter().find(|known| known.name == table).ok_or(Unreadable::NoBackup)?;
            found.rows += rows(db, table, bytes).await.with_context(|| format!("the rows of {}", table.name))?;
        } else if name == "summary.json" {
            said = Some(serde_json::from_slice::<Summary>(&bytes).map_err(|_| RestoreRefused::NotWhole)?);
        }
    }
    let said = said.ok_or(RestoreRefused::NotWhole)?;
    found.missing.clone_from(&said.missing);
    if found != said {
        return Err(RestoreRefused::Differs { said: counted(&said), found: counted(&found) });
    }
    for sequence in &manifest.sequences {
        store::set_sequence(&mut *db, sequence).await?;
    }
    Ok(said)
}

async fn rows(db: &mut PgConnection, table: &Table, bytes: Vec<u8>) -> sqlx::Result<u64> {
    let mut copy = db.copy_in_raw(&store::copy_in(table)).await?;
    copy.send(bytes).await?;
    copy.finish().await
}

fn counted(summary: &Summary) -> String {
    format!("{} rows and {} files of {} bytes", summary.rows, summary.files, summary.bytes)
}

/// As the shop gives it when it writes the file itself.
fn content_type(key: &str) -> &'static str {
    match key.rsplit('.').next().unwrap_or_default() {
        "avif" => "image/avif",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        _ => "application/octet-stream",
    }
}
