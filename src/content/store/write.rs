//! Writing pages.

use sqlx::PgExecutor;

use crate::base::{Instant, Language, PageId};
use crate::content::PageEdit;

pub async fn insert(db: impl PgExecutor<'_>, id: PageId, language: Language, edit: &PageEdit, at: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO pages (id, language, handle, title, body, body_html, in_footer, position, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
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
    .execute(db)
    .await
    .map(drop)
}
