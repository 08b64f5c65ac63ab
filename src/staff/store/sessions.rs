//! SQL of the sessions. The cookie's token is stored hashed; a session ends after 12 quiet hours, and after 7 days anyway.

use sqlx::PgExecutor;

use crate::base::{Instant, SessionId, StaffId};
use crate::platform::secrets;
use crate::staff::guard::SignedInStaff;
use crate::staff::member::Session;

/// Seconds without a request after which a session is over.
const IDLE_SECONDS: i64 = 12 * 3_600;
/// Days after which a session is over even if it was used all the time.
pub const DAYS: i64 = 7;

/// Who a token belongs to, if its session lives and its account is active; noted at most once a minute.
pub async fn session(db: impl PgExecutor<'_>, token: &str, at: Instant) -> sqlx::Result<Option<SignedInStaff>> {
    sqlx::query_as(
        "WITH live AS (
             SELECT s.id AS session, COALESCE(s.proved_at, s.created_at) AS proved_at, p.id, p.name, p.email, p.role,
                    EXISTS (SELECT 1 FROM staff_factors f WHERE f.staff_id = p.id AND f.secret IS NOT NULL) AS has_factor
               FROM staff_sessions s
               JOIN staff p ON p.id = s.staff_id
              WHERE s.token_hash = $1 AND p.is_active AND s.expires_at > $2 AND s.seen_at > $3),
         seen AS (
             UPDATE staff_sessions SET seen_at = $2 WHERE id IN (SELECT session FROM live) AND seen_at < $4)
         SELECT session, id, name, email, role, has_factor, proved_at FROM live",
    )
    .bind(secrets::hash(token))
    .bind(at)
    .bind(at.plus_seconds(-IDLE_SECONDS))
    .bind(at.plus_seconds(-60))
    .fetch_optional(db)
    .await
}

/// Begins a session; returns the token for the cookie.
pub async fn insert_session(db: impl PgExecutor<'_>, staff: StaffId, user_agent: &str, at: Instant) -> sqlx::Result<String> {
    let token = secrets::token();
    sqlx::query(
        "INSERT INTO staff_sessions (id, staff_id, token_hash, user_agent, created_at, seen_at, proved_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $5, $6)",
    )
    .bind(SessionId::fresh(at))
    .bind(staff)
    .bind(secrets::hash(&token))
    .bind(user_agent)
    .bind(at)
    .bind(at.plus_days(DAYS))
    .execute(db)
    .await?;
    Ok(token)
}

/// Notes that whoever uses a session proved to be its owner, and gives it a new token for the cookie (ASVS 7.2.4); `None` where
/// it ended meanwhile.
pub async fn prove_session(db: impl PgExecutor<'_>, staff: StaffId, session: SessionId, at: Instant) -> sqlx::Result<Option<String>> {
    let token = secrets::token();
    let done = sqlx::query("UPDATE staff_sessions SET token_hash = $3, proved_at = $4, seen_at = $4 WHERE id = $1 AND staff_id = $2")
        .bind(session)
        .bind(staff)
        .bind(secrets::hash(&token))
        .bind(at)
        .execute(db)
        .await?;
    Ok((done.rows_affected() == 1).then_some(token))
}

/// The live sessions of somebody, the last used first.
pub async fn sessions(db: impl PgExecutor<'_>, staff: StaffId, at: Instant) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as("SELECT id, user_agent, created_at, seen_at FROM staff_sessions WHERE staff_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC LIMIT 50")
        .bind(staff)
        .bind(at)
        .bind(at.plus_seconds(-IDLE_SECONDS))
        .fetch_all(db)
        .await
}

/// Ends one session of somebody; says whether there was one.
pub async fn delete_session(db: impl PgExecutor<'_>, staff: StaffId, session: SessionId) -> sqlx::Result<bool> {
    Ok(sqlx::query("DELETE FROM staff_sessions WHERE id = $1 AND staff_id = $2").bind(session).bind(staff).execute(db).await?.rows_affected() == 1)
}

/// Ends the session of a token, whosever it is.
pub async fn delete_token(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM staff_sessions WHERE token_hash = $1").bind(secrets::hash(token)).execute(db).await.map(drop)
}

/// Ends all sessions of somebody.
pub async fn delete_sessions(db: impl PgExecutor<'_>, staff: StaffId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM staff_sessions WHERE staff_id = $1").bind(staff).execute(db).await.map(drop)
}

/// Forgets sessions that are over.
pub async fn prune_sessions(db: impl PgExecutor<'_>, at: Instant) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM staff_sessions WHERE expires_at < $1").bind(at).execute(db).await?.rows_affected())
}
