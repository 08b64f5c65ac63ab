//! SQL of the issues.

use sqlx::PgExecutor;

use crate::base::{Instant, IssueId, StaffId};
use crate::newsletter::issue::{Issue, IssueEdit};

pub async fn insert(db: impl PgExecutor<'_>, id: IssueId, edit: &IssueEdit, by: StaffId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO newsletter_issues (id, subject, body, body_html, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(&edit.subject)
        .bind(&edit.body)
        .bind(&edit.body_html)
        .bind(by)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Saves a draft unless someone saved or sent it since; says whether it did.
pub async fn update(db: impl PgExecutor<'_>, id: IssueId, version: i32, edit: &IssueEdit) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE newsletter_issues
            SET subject = $3, body = $4, body_html = $5, version = version + 1
          WHERE id = $1 AND version = $2 AND state = 'draft'",
    )
    .bind(id)
    .bind(version)
    .bind(&edit.subject)
    .bind(&edit.body)
    .bind(&edit.body_html)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete(db: impl PgExecutor<'_>, id: IssueId) -> sqlx::Result<bool> {
    Ok(sqlx::query("DELETE FROM newsletter_issues WHERE id = $1 AND state = 'draft'").bind(id).execute(db).await?.rows_affected() == 1)
}

pub async fn find(db: impl PgExecutor<'_>, id: IssueId) -> sqlx::Result<Option<Issue>> {
    sqlx::query_as("SELECT id, subject, body, body_html, state, created_at, started_at, sent_at, version FROM newsletter_issues WHERE id = $1")
        .bind(id)
        .fetch_optional(db)
        .await
}

pub async fn lock(db: impl PgExecutor<'_>, id: IssueId) -> sqlx::Result<Option<Issue>> {
    sqlx::query_as(
        "SELECT id, subject, body, body_html, state, created_at, started_at, sent_at, version FROM newsletter_issues WHERE id = $1 FOR UPDATE",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// The newest, older than `before`.
pub async fn list(db: impl PgExecutor<'_>, before: Option<IssueId>, limit: i64) -> sqlx::Result<Vec<Issue>> {
    sqlx::query_as(
        "SELECT id, subject, body, body_html, state, created_at, started_at, sent_at, version
           FROM newsletter_issues
          WHERE $1::uuid IS NULL OR id < $1
          ORDER BY id DESC
          LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Of two who send the same draft one is told true.
pub async fn start(db: impl PgExecutor<'_>, id: IssueId, version: i32, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE newsletter_issues
            SET state = 'sending', started_at = $3, version = version + 1
          WHERE id = $1 AND version = $2 AND state = 'draft'",
    )
    .bind(id)
    .bind(version)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn finish(db: impl PgExecutor<'_>, id: IssueId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE newsletter_issues SET state = 'sent', sent_at = $2 WHERE id = $1 AND state = 'sending'")
        .bind(id)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}
