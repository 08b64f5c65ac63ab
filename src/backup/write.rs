//! Writing a backup while the shop goes on: rows as of one moment, then the originals of the pictures that they name; the
//! sizes are made of those again. A file is never changed, only made and removed, so what the rows of that moment name is there, or was removed since, which is told.

use std::path::Path;

use anyhow::Context;
use futures::TryStreamExt;
use sqlx::{PgConnection, PgPool};

use super::archive::Writer;
use super::{FORMAT, Manifest, SHORTEST_PASSPHRASE, Summary, Table, store};
use crate::base::Instant;
use crate::catalog;
use crate::platform::blobs::Blobs;

/// Bytes of rows that are held in memory at once.
const CHUNK: usize = 4 * 1024 * 1024;

/// Writes everything to a new file at `place`; what it holds, and the size of the file in bytes.
pub async fn write(db: &PgPool, blobs: &Blobs, place: &Path, passphrase: &str, at: Instant) -> anyhow::Result<(Summary, u64)> {
    anyhow::ensure!(
        passphrase.chars().count() >= SHORTEST_PASSPHRASE,
        "The passphrase must have {SHORTEST_PASSPHRASE} characters or more: whoever finds the file may guess as long as they like."
    );
    anyhow::ensure!(!place.exists(), "{} exists already; choose another name", place.display());
    let mut db = db.acquire().await?;
    store::freeze(&mut db).await?;
    let outcome = fill(&mut db, blobs, place, passphrase, at).await;
    store::end(&mut db, false).await?;
    outcome
}

async fn fill(db: &mut PgConnection, blobs: &Blobs, place: &Path, passphrase: &str, at: Instant) -> anyhow::Result<(Summary, u64)> {
    let manifest = Manifest {
        format: FORMAT,
        wharf: env!("CARGO_PKG_VERSION").into(),
        made_at: at.to_string(),
        schema: store::schema_version(&mut *db).await?.context("the database has a schema")?,
        tables: store::tables(db).await?,
        sequences: store::sequences(db).await?,
    };
    let files = catalog::originals(&mut *db).await?;
    let mut archive = Writer::create(place, passphrase, u64::try_from(at.unix()).unwrap_or_default())?;
    archive.add("manifest.json", &serde_json::to_vec_pretty(&manifest)?)?;
    let mut summary = Summary::default();
    for table in &manifest.tables {
        summary.rows += rows(db, &mut archive, table).await.with_context(|| format!("the rows of {}", table.name))?;
    }
    for key in files {
        match blobs.get(&key).await? {
            Some(bytes) => {
                archive.add(&format!("files/{key}"), &bytes)?;
                summary.files += 1;
                summary.bytes += bytes.len() as u64;
            }
            None => summary.missing.push(key),
        }
    }
    archive.add("summary.json", &serde_json::to_vec_pretty(&summary)?)?;
    let size = archive.finish()?;
    Ok((summary, size))
}

/// Copies a table in chunks of whole rows; how many rows it has.
async fn rows(db: &mut PgConnection, archive: &mut Writer, table: &Table) -> anyhow::Result<u64> {
    let (mut rows, mut number, mut chunk) = (0, 0, Vec::new());
    let mut stream = db.copy_out_raw(&store::copy_out(table)).await?;
    while let Some(part) = stream.try_next().await? {
        // In the text format a message is one row.
        rows += 1;
        chunk.extend_from_slice(&part);
        if chunk.len() >= CHUNK {
            archive.add(&format!("rows/{}/{number:06}", table.name), &chunk)?;
            number += 1;
            chunk.clear();
        }
    }
    if !chunk.is_empty() {
        archive.add(&format!("rows/{}/{number:06}", table.name), &chunk)?;
    }
    Ok(rows)
}
