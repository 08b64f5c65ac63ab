//! SQL of what staff do to the machinery beyond what `platform` does by itself, and of what browsers report.

use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::report::{Listed, Page, Report};
use crate::base::{Instant, JobId, Language, MailId};
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

/// Rows of reports about the payment page, and as many about all others, so that neither crowds the other out.
const MOST_REPORTS: i64 = 100;
/// Days after which a report that has not come again is forgotten.
const REPORT_DAYS: i64 = 30;

/// Counts a report that came `times` times; true where there was none of its kind before.
pub async fn note_report(db: impl PgExecutor<'_>, report: &Report, times: i64, at: Instant) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "INSERT INTO browser_reports AS known (page, directive, blocked, sample, times, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (page, directive, blocked) DO UPDATE
            SET times = known.times + $5, sample = $4, last_seen_at = greatest(known.last_seen_at, $6)
      RETURNING times = $5",
    )
    .bind(report.page)
    .bind(report.directive)
    .bind(&report.blocked)
    .bind(&report.sample)
    .bind(times)
    .bind(at)
    .fetch_one(db)
    .await
}

/// Drops what has not come for longest, beyond the rows that are kept of the payment page or of all other pages.
pub async fn drop_surplus_reports(db: impl PgExecutor<'_>, page: Page) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM browser_reports
          WHERE (page, directive, blocked) IN (SELECT page, directive, blocked
                                                 FROM browser_reports
                                                WHERE (page = 'payment') = $1
                                                ORDER BY last_seen_at DESC, first_seen_at DESC, directive, blocked
                                               OFFSET $2)",
    )
    .bind(page == Page::Payment)
    .bind(MOST_REPORTS)
    .execute(db)
    .await
    .map(drop)
}

/// All reports: new ones about the payment page first, then those that came last.
pub async fn reports(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as(
        "SELECT page, directive, blocked, sample, times, first_seen_at, last_seen_at, looked_at IS NULL AS is_new
           FROM browser_reports
          ORDER BY page = 'payment' AND looked_at IS NULL DESC, last_seen_at DESC, page, directive, blocked",
    )
    .fetch_all(db)
    .await
}

/// Kinds of reports about the payment page that nobody has looked at.
pub async fn new_payment_reports(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM browser_reports WHERE page = 'payment' AND looked_at IS NULL").fetch_one(db).await
}

/// Somebody has looked at everything that first came until then; how many rows were new to them.
pub async fn look_at_reports(db: impl PgExecutor<'_>, until: Instant, at: Instant) -> sqlx::Result<u64> {
    let done = sqlx::query("UPDATE browser_reports SET looked_at = $2 WHERE looked_at IS NULL AND first_seen_at <= $1").bind(until).bind(at);
    Ok(done.execute(db).await?.rows_affected())
}

/// Forgets what has not come again for 30 days.
pub async fn prune_reports(db: impl PgExecutor<'_>, at: Instant) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM browser_reports WHERE last_seen_at < $1").bind(at.plus_days(-REPORT_DAYS)).execute(db).await?.rows_affected())
}

/// An entry of the audit log.
#[derive(Debug, sqlx::FromRow)]
pub struct Entry {
    pub id: i64,
    pub at: Instant,
    pub actor: String,
    /// Name of the member of staff, where it was one.
    pub name: Option<String>,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The newest entries older than `before`, narrowed by entity and actor where they are given.
pub async fn entries(
    db: impl PgExecutor<'_>,
    entity: Option<&str>,
    actor: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT a.id, a.at, a.actor, s.name, a.action, a.entity, a.entity_id, a.before, a.after
           FROM audit_log a
           LEFT JOIN staff s ON a.actor = 'staff:' || s.id::text
          WHERE ($1::text IS NULL OR a.entity = $1)
            AND ($2::text IS NULL OR a.actor = $2)
            AND ($3::bigint IS NULL OR a.id < $3)
          ORDER BY a.id DESC
          LIMIT $4",
    )
    .bind(entity)
    .bind(actor)
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The kinds of things in the log: one look into its index for each.
pub async fn audited_kinds(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "WITH RECURSIVE kinds AS (
             SELECT min(entity) AS entity FROM audit_log
              UNION ALL
             SELECT (SELECT min(a.entity) FROM audit_log a WHERE a.entity > kinds.entity) FROM kinds WHERE kinds.entity IS NOT NULL)
         SELECT entity FROM kinds WHERE entity IS NOT NULL",
    )
    .fetch_all(db)
    .await
}

/// What things are called, by id: what has no name any more is left out.
pub async fn names(db: impl PgExecutor<'_>, language: Language, ids: &[Uuid]) -> sqlx::Result<Vec<(Uuid, String)>> {
    sqlx::query_as(
        "SELECT id, number FROM orders WHERE id = ANY($1)
          UNION ALL
         SELECT f.id, o.number || ', parcel ' || f.number FROM fulfilments f JOIN orders o ON o.id = f.order_id WHERE f.id = ANY($1)
          UNION ALL
         SELECT product_id, title FROM product_texts WHERE product_id = ANY($1) AND language = $2
          UNION ALL
         SELECT v.id, concat_ws(' – ', t.title, NULLIF(array_to_string(v.values, ' / '), ''))
           FROM variants v JOIN product_texts t ON t.product_id = v.product_id AND t.language = $2 WHERE v.id = ANY($1)
          UNION ALL
         SELECT collection_id, title FROM collection_texts WHERE collection_id = ANY($1) AND language = $2
          UNION ALL
         SELECT id, title FROM pages WHERE id = ANY($1)
          UNION ALL
         SELECT id, subject FROM newsletter_issues WHERE id = ANY($1)
          UNION ALL
         SELECT id, name FROM staff WHERE id = ANY($1)
          UNION ALL
         SELECT id, name FROM markets WHERE id = ANY($1)
          UNION ALL
         SELECT id, name FROM zones WHERE id = ANY($1)
          UNION ALL
         SELECT id, name FROM delivery_methods WHERE id = ANY($1)",
    )
    .bind(ids)
    .bind(language)
    .fetch_all(db)
    .await
}
