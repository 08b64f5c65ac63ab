//! Making pictures: fetched where they have an address, then JPEG and WebP so that pages can show them, AVIF after that.
//! A picture that cannot be made is marked with the reason and hurts nothing else.

use anyhow::Context;
use axum::body::Bytes;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use super::edit;
use super::picture::{self, Derived, Format, PictureError};
use super::store::write::media as store;
use super::store::write::media::Ready;
use crate::app::App;
use crate::base::{Instant, MediaId};
use crate::platform::jobs;

/// Makes JPEG and WebP of an original.
pub const PICTURE: &str = "catalog.picture";
/// Adds AVIF to a picture that is ready.
pub const AVIF: &str = "catalog.picture.avif";
/// Fetches the original from where the picture came from.
pub const FETCH: &str = "catalog.fetch";

/// One picture at a time: the largest take half a gigabyte.
static ONE: Semaphore = Semaphore::const_new(1);

/// Which picture.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    pub media: MediaId,
}

/// Puts the making of a picture on the pile.
pub async fn enqueue(db: &mut PgConnection, kind: &str, media: MediaId, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, kind, &Payload { media }, at).await
}

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

/// Keeps an original under the name of its content, after a look at it; gives the key.
pub async fn keep(app: &App, bytes: Bytes) -> anyhow::Result<Result<String, PictureError>> {
    let inspected = match picture::inspect(&bytes) {
        Ok(inspected) => inspected,
        Err(error) => return Ok(Err(error)),
    };
    let key = format!("originals/{}", HEXLOWER.encode(&Sha256::digest(&bytes)));
    let content_type = match inspected.kind {
        picture::Kind::Jpeg => "image/jpeg",
        picture::Kind::Png => "image/png",
        picture::Kind::Gif => "image/gif",
        picture::Kind::Webp => "image/webp",
    };
    app.blobs.put(&key, bytes, content_type).await?;
    Ok(Ok(key))
}

async fn fetch(app: &App, media: MediaId, pending: &store::Pending) -> anyhow::Result<()> {
    let Some(url) = &pending.source_url else { return fail(app, media, "No address to fetch it from.").await };
    // Not every server names the type of a picture; what it is shows in its bytes.
    let types = ["image/*", "application/octet-stream", "binary/octet-stream"];
    let fetched = match app.fetcher.get(url, picture::MOST_BYTES, &types).await {
        Ok(fetched) => fetched,
        Err(error) => return fail(app, media, &error.to_string()).await,
    };
    match keep(app, fetched.bytes).await? {
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
    edit::changed(&mut tx, pending.product_id).await?;
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
    edit::changed(&mut tx, pending.product_id).await?;
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
