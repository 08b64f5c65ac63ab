//! Writing products, their words, handles and publications.

use sqlx::PgExecutor;

use crate::base::{Handle, Instant, Language, MarketId, ProductId};
use crate::catalog::edit::{ProductEdit, Status};

pub async fn insert(db: impl PgExecutor<'_>, id: ProductId, edit: &ProductEdit, at: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO products (id, status, vendor, product_type, tags, tax_class, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(id)
    .bind(edit.status)
    .bind(&edit.vendor)
    .bind(&edit.product_type)
    .bind(&edit.tags)
    .bind(&edit.tax_class)
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn status(db: impl PgExecutor<'_>, id: ProductId) -> sqlx::Result<Option<Status>> {
    sqlx::query_scalar("SELECT status FROM products WHERE id = $1").bind(id).fetch_optional(db).await
}

/// Saves unless someone saved since; says whether it did.
pub async fn update(db: impl PgExecutor<'_>, id: ProductId, version: i32, edit: &ProductEdit, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE products
            SET status = $3, vendor = $4, product_type = $5, tags = $6, tax_class = $7, version = version + 1, updated_at = $8
          WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(edit.status)
    .bind(&edit.vendor)
    .bind(&edit.product_type)
    .bind(&edit.tags)
    .bind(&edit.tax_class)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn touch(db: impl PgExecutor<'_>, id: ProductId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE products SET version = version + 1, updated_at = $2 WHERE id = $1").bind(id).bind(at).execute(db).await.map(drop)
}

pub async fn set_status(db: impl PgExecutor<'_>, id: ProductId, status: Status, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE products SET status = $2, version = version + 1, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(status)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

pub async fn set_texts(db: impl PgExecutor<'_>, id: ProductId, language: Language, edit: &ProductEdit) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO product_texts (product_id, language, title, description, description_html, seo_title, seo_description)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT ON CONSTRAINT product_texts_pkey DO UPDATE
            SET title = $3, description = $4, description_html = $5, seo_title = $6, seo_description = $7",
    )
    .bind(id)
    .bind(language)
    .bind(&edit.title)
    .bind(&edit.description)
    .bind(&edit.description_html)
    .bind(&edit.seo_title)
    .bind(&edit.seo_description)
    .execute(db)
    .await
    .map(drop)
}

/// The current handle becomes history, unless it is this one.
pub async fn retire_handle(db: impl PgExecutor<'_>, id: ProductId, language: Language, new: &Handle) -> sqlx::Result<()> {
    sqlx::query("UPDATE product_handles SET is_current = false WHERE product_id = $1 AND language = $2 AND is_current AND handle <> $3")
        .bind(id)
        .bind(language)
        .bind(new)
        .execute(db)
        .await
        .map(drop)
}

/// Makes a handle the current one; says whether it could: another product may have or have had it.
pub async fn set_handle(db: impl PgExecutor<'_>, id: ProductId, language: Language, handle: &Handle) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO product_handles (language, handle, product_id, is_current)
         VALUES ($2, $3, $1, true)
             ON CONFLICT ON CONSTRAINT product_handles_pkey DO UPDATE SET is_current = true
          WHERE product_handles.product_id = $1",
    )
    .bind(id)
    .bind(language)
    .bind(handle)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Handles that begin with a text and are taken.
pub async fn handles_like(db: impl PgExecutor<'_>, language: Language, start: &str) -> sqlx::Result<Vec<Handle>> {
    sqlx::query_scalar("SELECT handle FROM product_handles WHERE language = $1 AND starts_with(handle, $2)")
        .bind(language)
        .bind(start)
        .fetch_all(db)
        .await
}

/// The product that a handle names now.
pub async fn by_handle(db: impl PgExecutor<'_>, language: Language, handle: &Handle) -> sqlx::Result<Option<(ProductId, i32)>> {
    sqlx::query_as(
        "SELECT p.id, p.version
           FROM product_handles h
           JOIN products p ON p.id = h.product_id
          WHERE h.language = $1 AND h.handle = $2 AND h.is_current",
    )
    .bind(language)
    .bind(handle)
    .fetch_optional(db)
    .await
}

pub async fn delete_publications(db: impl PgExecutor<'_>, product: ProductId, market: MarketId) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM publications WHERE product_id = $1 AND market_id = $2").bind(product).bind(market).execute(db).await?.rows_affected())
}

pub async fn insert_publication(
    db: impl PgExecutor<'_>,
    product: ProductId,
    market: MarketId,
    from: Instant,
    until: Option<Instant>,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO publications (product_id, market_id, valid) VALUES ($1, $2, tstzrange($3, $4))")
        .bind(product)
        .bind(market)
        .bind(from)
        .bind(until)
        .execute(db)
        .await
        .map(drop)
}
