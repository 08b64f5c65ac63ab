//! SQL of what staff do to the machinery beyond what `platform` does by itself.

use sqlx::PgExecutor;

use crate::base::{JobId, MailId};
use crate::platform::mail::Mail;

/// Gives a dead job up for good; returns its kind and what it was to do.
pub async fn delete_dead_job(db: impl PgExecutor<'_>, job: JobId) -> sqlx::Result<Option<(String, serde_json::Value)>> {
    sqlx::query_as("DELETE FROM jobs WHERE id = $1 AND dead_at IS NOT NULL RETURNING kind, payload").bind(job).fetch_optional(db).await
}

/// Letters in one state, the newest first.
pub async fn mails_in(db: impl PgExecutor<'_>, status: &str, before: Option<MailId>, limit: i64) -> sqlx::Result<Vec<Mail>> {
    sqlx::query_as(
        "SELECT id, kind, recipient, subject, html, plain, status, message_id, last_error, created_at, sent_at
           FROM mails
          WHERE status = $1 AND ($2::uuid IS NULL OR id < $2)
          ORDER BY id DESC
          LIMIT $3",
    )
    .bind(status)
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}
