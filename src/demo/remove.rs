//! Clearing the demo away, rows and files, so that a real shop can be set up.

use super::store;
use crate::app::App;
use crate::catalog;
use crate::platform::invalidation;

/// Clears a demo shop: everything in the database and the pictures' files. Refuses where the shop is not a demo.
pub async fn remove(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx).await?;
    anyhow::ensure!(store::is_demo(&mut tx).await?, "This shop was not opened as the demo; nothing was removed.");
    let files = catalog::files(&mut *tx).await?;
    store::clear(&mut tx).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    app.reload().await?;
    for file in files {
        // The rows are gone; a file that stays is only lost space.
        if let Err(error) = app.blobs.delete(&file).await {
            tracing::warn!(file, %error, "a picture of the demo could not be removed");
        }
    }
    Ok(())
}
