//! Writing pictures' rows.

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use crate::base::{Instant, MediaId, ProductId};
use crate::catalog::Picture;

/// A picture's row as the jobs need it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Pending {
    /// None for a picture that is not of a product.
    pub product_id: Option<ProductId>,
    pub source_url: Option<String>,
    /// Key of the original in the store of files.
    pub original: Option<String>,
    pub formats: Vec<String>,
}

/// What was made of a picture.
#[derive(Debug, Clone)]
pub struct Ready {
    pub hash: String,
    pub width: i32,
    pub height: i32,
    /// `#rrggbb`
    pub colour: String,
    pub widths: Vec<i32>,
    pub formats: Vec<String>,
}

/// The original of a picture that is shown, where it has a file of this width and format.
pub async fn original_of(db: impl PgExecutor<'_>, hash: &str, width: i32, format: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT original FROM media WHERE hash = $1 AND state = 'ready' AND original IS NOT NULL AND $2 = ANY(widths) AND $3 = ANY(formats) LIMIT 1",
    )
    .bind(hash)
    .bind(width)
    .bind(format)
    .fetch_optional(db)
    .await
}

/// A picture to come, at the end of the product's.
pub async fn insert(
    db: impl PgExecutor<'_>,
    product: Option<ProductId>,
    alt: &str,
    original: Option<&str>,
    source_url: Option<&str>,
    at: Instant,
) -> sqlx::Result<MediaId> {
    sqlx::query_scalar(
        "INSERT INTO media (id, product_id, position, alt, state, source_url, original, created_at)
         VALUES ($1, $2, (SELECT COALESCE(max(position), 0) + 1 FROM media WHERE product_id = $2), $3, 'pending', $4, $5, $6)
      RETURNING id",
    )
    .bind(MediaId::fresh(at))
    .bind(product)
    .bind(alt)
    .bind(source_url)
    .bind(original)
    .bind(at)
    .fetch_one(db)
    .await
}

pub async fn find(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<Option<Pending>> {
    sqlx::query_as("SELECT product_id, source_url, original, formats FROM media WHERE id = $1").bind(id).fetch_optional(db).await
}

/// A ready picture as pages show it.
pub async fn shown(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<Picture> {
    let Json(picture) = sqlx::query_scalar(
        "SELECT jsonb_build_object('id', id, 'hash', hash, 'width', width, 'height', height, 'widths', widths, 'formats', formats, 'alt', alt)
           FROM media WHERE id = $1 AND state = 'ready'",
    )
    .bind(id)
    .fetch_one(db)
    .await?;
    Ok(picture)
}

pub async fn set_original(db: impl PgExecutor<'_>, id: MediaId, key: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE media SET original = $2 WHERE id = $1").bind(id).bind(key).execute(db).await.map(drop)
}

pub async fn set_ready(db: impl PgExecutor<'_>, id: MediaId, ready: &Ready) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE media SET state = 'ready', hash = $2, width = $3, height = $4, colour = $5, widths = $6, formats = $7, error = NULL WHERE id = $1",
    )
    .bind(id)
    .bind(&ready.hash)
    .bind(ready.width)
    .bind(ready.height)
    .bind(&ready.colour)
    .bind(&ready.widths)
    .bind(&ready.formats)
    .execute(db)
    .await
    .map(drop)
}

pub async fn add_format(db: impl PgExecutor<'_>, id: MediaId, format: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE media SET formats = array_append(formats, $2) WHERE id = $1 AND $2 <> ALL(formats)")
        .bind(id)
        .bind(format)
        .execute(db)
        .await
        .map(drop)
}

pub async fn set_failed(db: impl PgExecutor<'_>, id: MediaId, error: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE media SET state = 'failed', error = $2 WHERE id = $1").bind(id).bind(error).execute(db).await.map(drop)
}

pub async fn set_pending(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<()> {
    sqlx::query("UPDATE media SET state = 'pending', error = NULL WHERE id = $1").bind(id).execute(db).await.map(drop)
}

pub async fn set_alt(db: impl PgExecutor<'_>, id: MediaId, alt: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE media SET alt = $2 WHERE id = $1").bind(id).bind(alt).execute(db).await.map(drop)
}

pub async fn delete(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM media WHERE id = $1").bind(id).execute(db).await.map(drop)
}

/// Changes places with the neighbour before or after.
pub async fn shift(db: &mut PgConnection, product: ProductId, id: MediaId, up: bool) -> sqlx::Result<()> {
    let mut order: Vec<MediaId> =
        sqlx::query_scalar("SELECT id FROM media WHERE product_id = $1 ORDER BY position, id FOR UPDATE").bind(product).fetch_all(&mut *db).await?;
    let Some(place) = order.iter().position(|other| *other == id) else { return Ok(()) };
    let other = if up { place.saturating_sub(1) } else { (place + 1).min(order.len() - 1) };
    order.swap(place, other);
    sqlx::query("UPDATE media m SET position = x.place FROM unnest($1::uuid[]) WITH ORDINALITY AS x (id, place) WHERE m.id = x.id")
        .bind(order)
        .execute(db)
        .await
        .map(drop)
}
