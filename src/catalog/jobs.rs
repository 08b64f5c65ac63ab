//! Making pictures: fetched where they have an address, then JPEG and WebP so that pages can show them, AVIF after that.
//! A picture that cannot be made is marked with the reason and hurts nothing else.

use anyhow::Context;
use axum::body::Bytes;
use serde::Deserialize;
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use super::edit;
use super::originals;
use super::picture::{self, Derived, Format, PictureError};
use super::store::write::media as store;
use super::store::write::media::Ready;
use super::tasks::{AVIF, FETCH, PICTURE, Payload, enqueue};
use crate::app::App;
use crate::base::{MediaId, ProductId};
use crate::platform::invalidation;

/// One picture at a time: the largest take half a gigabyte.
static ONE: Semaphore = Semaphore::const_new(1);

/// Runs a job of this room; `false` where the kind is not one of its own.
pub async fn run_job(app: &App, kind: &str, payload: &serde_json::Value) -> anyhow::Result<bool> {
    if !matches!(kind, PICTURE | AVIF | FETCH) {
        return Ok(false);
    }
    let Payload { media } = Payload::deserialize(payload)?;
    // Somebody may have deleted the picture meanwhile.
    let Some(pending) = store::find(&app.db, media).await? else { return Ok(true) };
    match kind {
        FETCH => fetch(app, media, &pending).await?,
        PICTURE => make(app, media, &pending).await?,
        _ => add_avif(app, media, &pending).await?,
    }
    Ok(true)
}

async fn fetch(app: &App, media: MediaId, pending: &store::Pending) -> anyhow::Result<()> {
    let Some(url) = &pending.source_url else { return fail(app, media, "No address to fetch it from.").await };
    // Not every server names the type of a picture; what it is shows in its bytes.
    let types = ["image/*", "application/octet-stream", "binary/octet-stream"];
    let fetched = match app.fetcher.get(url, picture::MOST_BYTES, &types).await {
        Ok(fetched) => fetched,
        Err(error) => return fail(app, media, &error.to_string()).await,
    };
    match originals::keep(&app.blobs, fetched.bytes).await? {
        Ok(key) => {
            let mut tx = app.db.begin().await?;
            store::set_original(&mut *tx, media, &key).await?;
            enqueue(&mut tx, PICTURE, media, app.now()).await?;
            tx.commit().await?;
            app.enqueued();
            Ok(())
        }
        Err(error) => fail(app, media, &error.to_string()).await,
    }
}

async fn make(app: &App, media: MediaId, pending: &store::Pending) -> anyhow::Result<()> {
    let Some(original) = original(app, media, pending).await? else { return Ok(()) };
    let derived = match derive(original, &[Format::Jpeg, Format::Webp]).await? {
        Ok(derived) => derived,
        Err(error) => return fail(app, media, &error.to_string()).await,
    };
    put(app, &derived, &[Format::Jpeg, Format::Webp]).await?;
    let mut tx = app.db.begin().await?;
    store::set_ready(&mut *tx, media, &ready(&derived)?).await?;
    shown_anew(&mut tx, pending.product_id).await?;
    enqueue(&mut tx, AVIF, media, app.now()).await?;
    tx.commit().await?;
    app.changed().await;
    app.enqueued();
    Ok(())
}

async fn add_avif(app: &App, media: MediaId, pending: &store::Pending) -> anyhow::Result<()> {
    let Some(original) = original(app, media, pending).await? else { return Ok(()) };
    // The picture is shown already; without AVIF it is only larger.
    let Ok(derived) = derive(original, &[Format::Avif]).await? else { return Ok(()) };
    put(app, &derived, &[Format::Avif]).await?;
    let mut tx = app.db.begin().await?;
    store::add_format(&mut *tx, media, Format::Avif.extension()).await?;
    shown_anew(&mut tx, pending.product_id).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(())
}

async fn original(app: &App, media: MediaId, pending: &store::Pending) -> anyhow::Result<Option<Bytes>> {
    let bytes = match &pending.original {
        Some(key) => app.blobs.get(key).await?,
        None => None,
    };
    if bytes.is_none() {
        fail(app, media, "The uploaded file is missing. Please upload it again.").await?;
    }
    Ok(bytes)
}

async fn derive(original: Bytes, formats: &'static [Format]) -> anyhow::Result<Result<Derived, PictureError>> {
    let _turn = ONE.acquire().await.context("the semaphore is never closed")?;
    Ok(tokio::task::spawn_blocking(move || picture::derive(&original, formats)).await?)
}

async fn put(app: &App, derived: &Derived, formats: &[Format]) -> anyhow::Result<()> {
    for file in derived.files.iter().filter(|file| formats.contains(&file.format)) {
        let key = format!("media/{}/{}.{}", derived.hash, file.width, file.format.extension());
        app.blobs.put(&key, Bytes::from(file.bytes.clone()), file.format.content_type()).await?;
    }
    Ok(())
}

/// The pages that show the picture are stale: its product's, or those of the collections.
async fn shown_anew(db: &mut PgConnection, product: Option<ProductId>) -> sqlx::Result<()> {
    match product {
        Some(product) => edit::changed(db, product).await,
        None => invalidation::append(db, &["listing".to_owned()]).await,
    }
}

fn ready(derived: &Derived) -> anyhow::Result<Ready> {
    let [red, green, blue] = derived.average_colour;
    let mut widths = derived.files.iter().map(|file| i32::try_from(file.width)).collect::<Result<Vec<i32>, _>>()?;
    widths.sort_unstable();
    widths.dedup();
    Ok(Ready {
        hash: derived.hash.clone(),
        width: i32::try_from(derived.width)?,
        height: i32::try_from(derived.height)?,
        colour: format!("#{red:02x}{green:02x}{blue:02x}"),
        widths,
        formats: vec![Format::Jpeg.extension().to_owned(), Format::Webp.extension().to_owned()],
    })
}

async fn fail(app: &App, media: MediaId, reason: &str) -> anyhow::Result<()> {
    Ok(store::set_failed(&app.db, media, reason).await?)
}
