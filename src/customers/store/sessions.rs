//! SQL of the sessions. Only hashes of their tokens are here.

use sqlx::PgExecutor;

use crate::base::{CustomerId, Instant, SessionId};
use crate::customers::session::Session;

/// Notes the use of a session unless that was done since `seen_before`.
pub async fn touch(db: impl PgExecutor<'_>, token_hash: &[u8], at: Instant, seen_before: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE customer_sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $3")
        .bind(token_hash)
        .bind(at)
        .bind(seen_before)
        .execute(db)
        .await
        .map(drop)
}

pub async fn insert(
    db: impl PgExecutor<'_>,
    customer: CustomerId,
    token_hash: &[u8],
    user_agent: &str,
    at: Instant,
    expires_at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO customer_sessions (id, customer_id, token_hash, user_agent, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    )
    .bind(SessionId::fresh(at))
    .bind(customer)
    .bind(token_hash)
    .bind(user_agent)
    .bind(at)
    .bind(expires_at)
    .execute(db)
    .await
    .map(drop)
}

/// The live sessions of an account, the latest used first; the one with `current_hash` is marked.
pub async fn list(
    db: impl PgExecutor<'_>,
    customer: CustomerId,
    current_hash: &[u8],
    at: Instant,
    idle_since: Instant,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as(
        "SELECT id, user_agent, created_at, seen_at, token_hash = $2 AS is_current
           FROM customer_sessions
          WHERE customer_id = $1 AND expires_at > $3 AND seen_at > $4
          ORDER BY is_current DESC, seen_at DESC, id
          LIMIT 200",
    )
    .bind(customer)
    .bind(current_hash)
    .bind(at)
    .bind(idle_since)
    .fetch_all(db)
    .await
}

pub async fn delete(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM customer_sessions WHERE token_hash = $1").bind(token_hash).execute(db).await.map(drop)
}

/// Ends one of an account's own sessions.
pub async fn delete_of(db: impl PgExecutor<'_>, customer: CustomerId, id: SessionId) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM customer_sessions WHERE customer_id = $1 AND id = $2").bind(customer).bind(id).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the sessions of an account, but for the one with `kept_hash`.
pub async fn delete_others(db: impl PgExecutor<'_>, customer: CustomerId, kept_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM customer_sessions WHERE customer_id = $1 AND token_hash <> $2")
        .bind(customer)
        .bind(kept_hash)
        .execute(db)
        .await
        .map(drop)
}

/// Forgets sessions that ended.
pub async fn prune(db: impl PgExecutor<'_>, at: Instant, idle_since: Instant) -> sqlx::Result<u64> {
    let done = sqlx::query("DELETE FROM customer_sessions WHERE expires_at <= $1 OR seen_at <= $2").bind(at).bind(idle_since).execute(db).await?;
    Ok(done.rows_affected())
}
