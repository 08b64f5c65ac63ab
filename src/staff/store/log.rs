//! SQL of the log: appended to, read, never changed.

use serde_json::Value;
use sqlx::PgExecutor;

use crate::base::{Actor, Instant};

/// Notes what somebody changed, with what it was and what it is.
#[expect(clippy::too_many_arguments, reason = "an entry has eight parts")]
pub async fn audit(
    db: impl PgExecutor<'_>,
    actor: Actor,
    action: &str,
    entity: &str,
    entity_id: &str,
    before: Option<Value>,
    after: Option<Value>,
    at: Instant,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO audit_log (at, actor, action, entity, entity_id, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(at)
        .bind(actor.to_string())
        .bind(action)
        .bind(entity)
        .bind(entity_id)
        .bind(before)
        .bind(after)
        .execute(db)
        .await
        .map(drop)
}

/// An entry as the log page shows it.
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
