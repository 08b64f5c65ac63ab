//! SQL of the letters of an issue.

use sqlx::PgExecutor;

use crate::base::{Email, Instant, IssueId, Language, MailId, SubscriberId};

/// Somebody whose letter is to be written.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Reader {
    pub id: SubscriberId,
    pub email: Email,
    pub email_key: String,
    pub language: Language,
}

/// Claims the next readers: confirmed before the issue went out, not suppressed, and without a letter of it.
pub async fn claim(db: impl PgExecutor<'_>, issue: IssueId, limit: i64, at: Instant) -> sqlx::Result<Vec<Reader>> {
    sqlx::query_as(
        "WITH next AS (
             SELECT s.id, s.email, s.email_key, s.language
               FROM subscribers s
               JOIN newsletter_issues i ON i.id = $1 AND s.confirmed_at <= i.started_at
              WHERE s.status = 'confirmed'
                AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.email_key = s.email_key)
                AND NOT EXISTS (SELECT 1 FROM newsletter_deliveries d WHERE d.issue_id = $1 AND d.subscriber_id = s.id)
              ORDER BY s.id
              LIMIT $2),
         claimed AS (
             INSERT INTO newsletter_deliveries (issue_id, subscriber_id, at)
             SELECT $1, id, $3 FROM next
             ON CONFLICT (issue_id, subscriber_id) DO NOTHING
             RETURNING subscriber_id)
         SELECT n.id, n.email, n.email_key, n.language FROM next n JOIN claimed c ON c.subscriber_id = n.id ORDER BY n.id",
    )
    .bind(issue)
    .bind(limit)
    .bind(at)
    .fetch_all(db)
    .await
}

pub async fn set_mail(db: impl PgExecutor<'_>, issue: IssueId, subscriber: SubscriberId, mail: MailId) -> sqlx::Result<()> {
    sqlx::query("UPDATE newsletter_deliveries SET mail_id = $3 WHERE issue_id = $1 AND subscriber_id = $2")
        .bind(issue)
        .bind(subscriber)
        .bind(mail)
        .execute(db)
        .await
        .map(drop)
}

/// May somebody be written to at this moment?
pub async fn may_get(db: impl PgExecutor<'_>, subscriber: SubscriberId) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1
                          FROM subscribers s
                         WHERE s.id = $1 AND s.status = 'confirmed'
                           AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.email_key = s.email_key))",
    )
    .bind(subscriber)
    .fetch_one(db)
    .await
}

pub async fn set_state(db: impl PgExecutor<'_>, issue: IssueId, subscriber: SubscriberId, state: &str, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE newsletter_deliveries SET state = $3, at = $4 WHERE issue_id = $1 AND subscriber_id = $2")
        .bind(issue)
        .bind(subscriber)
        .bind(state)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// How far an issue is.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Count {
    pub issue_id: IssueId,
    pub letters: i64,
    pub waiting: i64,
    pub sent: i64,
    pub kept: i64,
    pub skipped: i64,
    /// Refused by a mail server, or nobody knows whether they arrived.
    pub failed: i64,
}

pub async fn counts(db: impl PgExecutor<'_>, issues: &[IssueId]) -> sqlx::Result<Vec<Count>> {
    sqlx::query_as(
        "SELECT issue_id, count(*) AS letters,
                count(*) FILTER (WHERE state = 'waiting') AS waiting,
                count(*) FILTER (WHERE state = 'sent') AS sent,
                count(*) FILTER (WHERE state = 'kept') AS kept,
                count(*) FILTER (WHERE state = 'skipped') AS skipped,
                count(*) FILTER (WHERE state IN ('refused', 'unsure')) AS failed
           FROM newsletter_deliveries
          WHERE issue_id = ANY($1)
          GROUP BY issue_id",
    )
    .bind(issues)
    .fetch_all(db)
    .await
}
