//! Originals of pictures in the store of files, and the files that pages show, made from them when they are asked for.

use anyhow::Context;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use tokio::sync::Semaphore;

use super::media::Picture;
use super::picture::{self, Format, PictureError};
use super::store::write::media as store;
use super::store::write::media::Ready;
use crate::base::{Instant, MediaId, ProductId};
use crate::platform::blobs::{Blobs, Bytes};

/// Files that are made while a visitor waits: two at a time.
static FILES: Semaphore = Semaphore::const_new(2);

/// Keeps an original under the name of its content, after a look at it; gives the key.
pub async fn keep(blobs: &Blobs, bytes: Bytes) -> anyhow::Result<Result<String, PictureError>> {
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
    blobs.put(&key, bytes, content_type).await?;
    Ok(Ok(key))
}

/// A picture that can be shown at once: its files are made when they are asked for. The caller has looked at the bytes
/// before and answers for them (they are the project's own); what people upload is opened before, or made by a job.
pub async fn adopt(
    blobs: &Blobs,
    db: &mut PgConnection,
    product: Option<ProductId>,
    alt: &str,
    bytes: Bytes,
    at: Instant,
) -> anyhow::Result<MediaId> {
    let inspected = picture::inspect(&bytes)?;
    let hash = picture::hash(&bytes);
    let key = keep(blobs, bytes).await??;
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

/// [`adopt`] for what people upload: it is opened once before, for it is shown at once.
pub async fn adopt_upload(
    blobs: &Blobs,
    db: &mut PgConnection,
    alt: &str,
    bytes: Bytes,
    at: Instant,
) -> anyhow::Result<Result<MediaId, PictureError>> {
    let probe = bytes.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let seen = picture::inspect(&probe)?;
        let smallest = picture::widths(seen.width, seen.height).first().copied().unwrap_or(picture::WIDTHS[0]);
        picture::derive_one(&probe, smallest, Format::Jpeg)
    });
    match opened.await? {
        Ok(_) => Ok(Ok(adopt(blobs, db, None, alt, bytes, at).await?)),
        Err(error) => Ok(Err(error)),
    }
}

/// [`adopt`] for a picture that belongs to no product, as pages show it.
pub async fn adopt_shown(blobs: &Blobs, db: &mut PgConnection, alt: &str, bytes: Bytes, at: Instant) -> anyhow::Result<Picture> {
    let id = adopt(blobs, &mut *db, None, alt, bytes, at).await?;
    Ok(store::shown(db, id).await?)
}

/// Makes one file of a picture that is shown, and keeps it; none where no picture has such a file.
pub async fn make_file(blobs: &Blobs, db: &PgPool, hash: &str, file: &str) -> anyhow::Result<Option<Bytes>> {
    let Some((width, ending)) = file.split_once('.') else { return Ok(None) };
    let format = [Format::Jpeg, Format::Webp, Format::Avif].into_iter().find(|format| format.extension() == ending);
    let (Some(format), Ok(width)) = (format, width.parse::<u32>()) else { return Ok(None) };
    let Some(original) = store::original_of(db, hash, i32::try_from(width)?, ending).await? else { return Ok(None) };
    let _turn = FILES.acquire().await.context("the semaphore is never closed")?;
    // Somebody else may have made it while this one waited.
    let key = format!("media/{hash}/{file}");
    if let Some(bytes) = blobs.get(&key).await? {
        return Ok(Some(bytes));
    }
    let Some(original) = blobs.get(&original).await? else { return Ok(None) };
    let made = tokio::task::spawn_blocking(move || picture::derive_one(&original, width, format)).await?;
    let Ok(Some(bytes)) = made else { return Ok(None) };
    let bytes = Bytes::from(bytes);
    blobs.put(&key, bytes.clone(), format.content_type()).await?;
    Ok(Some(bytes))
}
