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
use super::media::Picture;
use super::picture::{self, Derived, Format, PictureError};
use super::store::write::media as store;
use super::store::write::media::Ready;
use crate::app::App;
use crate::base::{Instant, MediaId, ProductId};
use crate::platform::{invalidation, jobs};

/// Makes JPEG and WebP of an original.
pub const PICTURE: &str = "catalog.picture";
/// Adds AVIF to a picture that is ready.
pub const AVIF: &str = "catalog.picture.avif";
/// Fetches the original from where the picture came from.
pub const FETCH: &str = "catalog.fetch";

/// One picture at a time: the largest take half a gigabyte.
static ONE: Semaphore = Semaphore::const_new(1);

/// Files that are made while a visitor waits: two at a time.
static FILES: Semaphore = Semaphore::const_new(2);

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

/// A picture that can be shown at once: its files are made when they are asked for. The caller has looked at the bytes
/// before and answers for them (they are the project's own); what people upload goes through [`PICTURE`].
pub async fn adopt(app: &App, db: &mut PgConnection, product: Option<ProductId>, alt: &str, bytes: Bytes, at: Instant) -> anyhow::Result<MediaId> {
    let inspected = picture::inspect(&bytes)?;
    let hash = picture::hash(&bytes);
    let key = keep(app, bytes).await??;
    let media = store::insert(&mut *db, product, alt, Some(&key), None, at).await?;
    let ready = Ready {
        hash,
        width: i32::try_from(inspected.width)?,
        height: i32::try_from(inspected.height)?,
        colour: "#d9d0c3".to_owned(),
        widths: picture::widths(inspected.width, inspected.height).into_iter().map(i32::try_from).collect::<Result<_, _>>()?,
        formats: vec![Format::Jpeg.extension().to_owned(), Format::Webp.extension().to_owned()],
    };
    store::set_ready(db, media, &ready).await?;
    Ok(media)
}

/// [`adopt`] for a picture that belongs to no product, as pages show it.
pub async fn adopt_shown(app: &App, db: &mut PgConnection, alt: &str, bytes: Bytes, at: Instant) -> anyhow::Result<Picture> {
    let id = adopt(app, &mut *db, None, alt, bytes, at).await?;
    Ok(store::shown(db, id).await?)
}

/// Makes one file of a picture that is shown, and keeps it; none where no picture has such a file.
pub async fn make_file(app: &App, hash: &str, file: &str) -> anyhow::Result<Option<Bytes>> {
    let Some((width, ending)) = file.split_once('.') else { return Ok(None) };
    let format = [Format::Jpeg, Format::Webp, Format::Avif].into_iter().find(|format| format.extension() == ending);
    let (Some(format), Ok(width)) = (format, width.parse::<u32>()) else { return Ok(None) };
    let Some(original) = store::original_of(&app.db, hash, i32::try_from(width)?, ending).await? else { return Ok(None) };
    let _turn = FILES.acquire().await.context("the semaphore is never closed")?;
    // Somebody else may have made it while this one waited.
    let key = format!("media/{hash}/{file}");
    if let Some(bytes) = app.blobs.get(&key).await? {
        return Ok(Some(bytes));
    }
    let Some(original) = app.blobs.get(&original).await? else { return Ok(None) };
    let made = tokio::task::spawn_blocking(move || picture::derive_one(&original, width, format)).await?;
    let Ok(Some(bytes)) = made else { return Ok(None) };
    let bytes = Bytes::from(bytes);
    app.blobs.put(&key, bytes.clone(), format.content_type()).await?;
    Ok(Some(bytes))
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
