//! SQL of the log: appended to, never changed. `machinery` reads it.

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
