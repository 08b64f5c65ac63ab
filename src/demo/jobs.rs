//! Drawing the pictures after the doors are open: drawing takes longer than opening may.

use axum::body::Bytes;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::art;
use super::art::{Palette, Shape};
use crate::app::App;
use crate::base::{Instant, MediaId};
use crate::catalog::store::write::media;
use crate::platform::jobs;

/// Draws the original of a picture.
const DRAW: &str = "demo.draw";
/// The catalogue's job that makes what pages show of an original.
const PICTURE: &str = "catalog.picture";

/// What is drawn, by the names of `art`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Drawing {
    pub media: MediaId,
    pub seed: u32,
    pub shape: String,
    pub palette: String,
}

pub async fn enqueue(db: &mut PgConnection, drawing: &Drawing, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, DRAW, drawing, at).await
}

/// Runs a job of this room.
pub async fn run_job(app: &App, kind: &str, payload: serde_json::Value) -> anyhow::Result<()> {
    anyhow::ensure!(kind == DRAW, "nobody does {kind}");
    let drawing: Drawing = serde_json::from_value(payload)?;
    let (Some(shape), Some(palette)) = (Shape::named(&drawing.shape), Palette::named(&drawing.palette)) else {
        anyhow::bail!("nobody can draw a {} in {}", drawing.shape, drawing.palette);
    };
    let seed = drawing.seed;
    let png = Bytes::from(tokio::task::spawn_blocking(move || art::draw(seed, shape, palette)).await?);
    let key = format!("originals/{}", HEXLOWER.encode(&Sha256::digest(&png)));
    app.blobs.put(&key, png, "image/png").await?;
    let mut tx = app.db.begin().await?;
    media::set_original(&mut *tx, drawing.media, &key).await?;
    jobs::enqueue(&mut *tx, PICTURE, &serde_json::json!({ "media": drawing.media }), app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(())
}
