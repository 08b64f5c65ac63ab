//! SQL of the pages.

pub(super) mod write;

use sqlx::PgExecutor;

use super::page::Page;
use crate::base::{Handle, Instant, Language, PageId};

/// The links of the footer (title, path inside the pair), in their order.
pub async fn footer(db: impl PgExecutor<'_>, language: Language) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT title, '/pages/' || handle FROM pages WHERE language = $1 AND in_footer ORDER BY position, title")
        .bind(language)
        .fetch_all(db)
        .await
}

/// The page with this handle, in English where the language has none.
pub async fn by_handle(db: impl PgExecutor<'_>, language: Language, handle: &Handle) -> sqlx::Result<Option<Page>> {
    sqlx::query_as(
        "SELECT p.id, p.language, p.handle, p.title, p.body_html, p.updated_at, ARRAY(SELECT o.language FROM pages o WHERE o.handle = p.handle) AS languages
           FROM pages p
          WHERE p.handle = $2 AND p.language IN ($1, $3)
          ORDER BY p.language = $1 DESC
          LIMIT 1",
    )
    .bind(language)
    .bind(handle)
    .bind(Language::english())
    .fetch_optional(db)
    .await
}

/// A page as staff edit it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Written {
    pub id: PageId,
    pub language: Language,
    pub handle: Handle,
    pub title: String,
    pub body: String,
    pub in_footer: bool,
    pub position: i32,
    pub version: i32,
    pub updated_at: Instant,
}

/// All pages, in the order of the footer.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Written>> {
    sqlx::query_as("SELECT id, language, handle, title, body, in_footer, position, version, updated_at FROM pages ORDER BY language, position, title")
        .fetch_all(db)
        .await
}

pub async fn find(db: impl PgExecutor<'_>, id: PageId) -> sqlx::Result<Option<Written>> {
    sqlx::query_as("SELECT id, language, handle, title, body, in_footer, position, version, updated_at FROM pages WHERE id = $1")
        .bind(id)
        .fetch_optional(db)
        .await
}
