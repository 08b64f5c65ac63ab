//! Proving a backup: it is restored into a scratch database and a scratch folder, the books are examined there, and both
//! are thrown away.

use std::path::Path;

use anyhow::Context;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::{Manifest, RestoreRefused, Summary, restore, store};
use crate::books;
use crate::platform::blobs::{Blobs, BlobsConfig};
use crate::platform::secrets;

/// What a proof found.
pub struct Proof {
    pub manifest: Manifest,
    pub summary: Summary,
    /// What the books of the restored shop say; empty where they agree.
    pub differences: Vec<books::Difference>,
}

/// Restores beside a shop, on the server of its database: the role needs `CREATEDB`.
pub async fn verify(db: &PgPool, place: &Path, passphrase: &str) -> Result<Proof, RestoreRefused> {
    let name = format!("wharf_verify_{}", secrets::token().to_lowercase());
    let folder = std::env::temp_dir().join(&name);
    store::create_database(db, &name).await.context("a scratch database could not be made")?;
    let outcome = prove(db, &name, &folder, place, passphrase).await;
    store::drop_database(db, &name).await?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the scratch folder could not be removed")?;
    }
    outcome
}

async fn prove(db: &PgPool, name: &str, folder: &Path, place: &Path, passphrase: &str) -> Result<Proof, RestoreRefused> {
    let options = (*db.connect_options()).clone().database(name);
    let scratch = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
    let blobs = Blobs::open(BlobsConfig::Folder(folder.to_owned())).context("a scratch folder")?;
    let (manifest, summary) = restore(&scratch, &blobs, place, passphrase).await?;
    let differences = books::examine(&scratch).await?;
    scratch.close().await;
    Ok(Proof { manifest, summary, differences })
}
