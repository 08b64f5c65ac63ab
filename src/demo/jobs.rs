//! Drawing the pictures after the doors are open: drawing takes longer than opening may.

use axum::body::Bytes;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::art;
use super::art::{Palette, Shape};
use crate::app::App;
use crate::base::{Instant, MediaId};
use crate::catalog;
use crate::platform::jobs;

/// Draws the original of a picture.
pub const DRAW: &str = "demo.draw";

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
    let png = tokio::task::spawn_blocking(move || art::draw(seed, shape, palette)).await?;
    catalog::jobs::take_original(app, drawing.media, Bytes::from(png)).await
}
