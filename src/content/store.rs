//! SQL of the pages.

pub(super) mod write;

use sqlx::PgExecutor;

use crate::base::Language;

/// The links of the footer (title, path inside the pair), in their order.
pub async fn footer(db: impl PgExecutor<'_>, language: Language) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT title, '/pages/' || handle FROM pages WHERE language = $1 AND in_footer ORDER BY position, title")
        .bind(language)
        .fetch_all(db)
        .await
}
