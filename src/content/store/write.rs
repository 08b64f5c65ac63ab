//! Writing pages.

use sqlx::PgExecutor;

use crate::base::{Instant, Language, MediaId, PageId};
use crate::content::PageEdit;

pub async fn insert(db: impl PgExecutor<'_>, id: PageId, language: Language, edit: &PageEdit, at: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO pages (id, language, handle, title, body, body_html, in_footer, position, updated_at, blog, summary, shown_from, is_draft)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(id)
    .bind(language)
    .bind(&edit.handle)
    .bind(&edit.title)
    .bind(&edit.body)
    .bind(&edit.body_html)
    .bind(edit.is_in_footer)
    .bind(edit.position)
    .bind(at)
    .bind(&edit.blog)
    .bind(&edit.summary)
    .bind(edit.shown_from)
    .bind(edit.is_draft)
    .execute(db)
    .await
    .map(drop)
}

/// Saves unless someone saved since; says whether it did.
pub async fn update(db: impl PgExecutor<'_>, id: PageId, version: i32, edit: &PageEdit, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE pages
            SET handle = $3, title = $4, body = $5, body_html = $6, in_footer = $7, position = $8, version = version + 1, updated_at = $9,
                blog = $10, summary = $11, shown_from = $12, is_draft = $13
          WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(&edit.handle)
    .bind(&edit.title)
    .bind(&edit.body)
    .bind(&edit.body_html)
    .bind(edit.is_in_footer)
    .bind(edit.position)
    .bind(at)
    .bind(&edit.blog)
    .bind(&edit.summary)
    .bind(edit.shown_from)
    .bind(edit.is_draft)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_media(db: impl PgExecutor<'_>, id: PageId, media: MediaId) -> sqlx::Result<()> {
    sqlx::query("UPDATE pages SET media_id = $2, version = version + 1 WHERE id = $1").bind(id).bind(media).execute(db).await.map(drop)
}

pub async fn delete(db: impl PgExecutor<'_>, id: PageId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM pages WHERE id = $1").bind(id).execute(db).await.map(drop)
}
