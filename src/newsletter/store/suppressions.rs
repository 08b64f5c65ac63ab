//! SQL of the addresses that are never written to.

use sqlx::PgExecutor;

use crate::base::Instant;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Suppression {
    pub email_key: String,
    pub reason: String,
    pub at: Instant,
}

pub async fn has(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM suppressions WHERE email_key = $1)").bind(key).fetch_one(db).await
}

/// Says whether the address is new here; the first reason stays.
pub async fn insert(db: impl PgExecutor<'_>, key: &str, reason: &str, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query("INSERT INTO suppressions (email_key, reason, at) VALUES ($1, $2, $3) ON CONFLICT (email_key) DO NOTHING")
        .bind(key)
        .bind(reason)
        .bind(at)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the reason that it had.
pub async fn delete(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("DELETE FROM suppressions WHERE email_key = $1 RETURNING reason").bind(key).fetch_optional(db).await
}

/// The newest, older than that of `before`.
pub async fn list(db: impl PgExecutor<'_>, before: Option<&str>, limit: i64) -> sqlx::Result<Vec<Suppression>> {
    sqlx::query_as(
        "SELECT email_key, reason, at
           FROM suppressions
          WHERE $1::text IS NULL OR (at, email_key) < (SELECT at, email_key FROM suppressions WHERE email_key = $1)
          ORDER BY at DESC, email_key DESC
          LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}
