//! Work to do later, kept in Postgres and enqueued by the transaction that causes it. At least once, therefore every
//! job is idempotent; retried with growing pauses; dead after [`MAX_ATTEMPTS`] and then visible to staff.
//!
//! Due times are compared with the shop's clock, not with `now()`, so that tests can move time.

use serde::Serialize;
use sqlx::{PgExecutor, PgPool};

use crate::base::{Instant, JobId};

/// Tries before a job is laid aside: with the pauses below, about two days.
pub const MAX_ATTEMPTS: i32 = 14;
/// A worker that holds a job longer than this is taken for dead.
const LEASE_SECONDS: i64 = 300;

/// A job in the hands of a worker.
#[derive(Debug, sqlx::FromRow)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempts: i32,
}

/// A job as staff see it.
#[derive(Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: JobId,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempts: i32,
    pub run_at: Instant,
    pub dead_at: Option<Instant>,
    pub last_error: Option<String>,
}

/// Puts work on the pile.
pub async fn enqueue<T: Serialize + Sync>(db: impl PgExecutor<'_>, kind: &str, payload: &T, run_at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO jobs (id, kind, payload, run_at) VALUES ($1, $2, $3, $4)")
        .bind(JobId::fresh(run_at))
        .bind(kind)
        .bind(sqlx::types::Json(payload))
        .bind(run_at)
        .execute(db)
        .await
        .map(drop)
}

/// Puts work on the pile unless the same key is there already; used for timetables and for "at most one of these".
pub async fn enqueue_once<T: Serialize + Sync>(db: impl PgExecutor<'_>, kind: &str, key: &str, payload: &T, run_at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO jobs (id, kind, payload, key, run_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING")
        .bind(JobId::fresh(run_at))
        .bind(kind)
        .bind(sqlx::types::Json(payload))
        .bind(key)
        .bind(run_at)
        .execute(db)
        .await
        .map(drop)
}

/// Takes the next due job that is of none of the kinds to leave, if any. A job whose worker died is due again when its lease ends.
pub async fn claim(db: &PgPool, left: &[&str], at: Instant) -> sqlx::Result<Option<Job>> {
    sqlx::query_as(
        "UPDATE jobs
            SET attempts = attempts + 1, locked_until = $2
          WHERE id = (SELECT id
                        FROM jobs
                       WHERE run_at <= $1 AND dead_at IS NULL AND (locked_until IS NULL OR locked_until < $1) AND kind <> ALL($3)
                       ORDER BY run_at, id
                       LIMIT 1
                         FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, payload, attempts",
    )
    .bind(at)
    .bind(at.plus_seconds(LEASE_SECONDS))
    .bind(left)
    .fetch_optional(db)
    .await
}

pub async fn finish(db: impl PgExecutor<'_>, job: JobId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM jobs WHERE id = $1").bind(job).execute(db).await.map(drop)
}

/// Takes off the pile what was to be done before a moment and nobody has begun: for a past that is written down in one
/// transaction, whose letters nobody waits for. Says how much that was.
pub async fn call_off(db: impl PgExecutor<'_>, before: Instant) -> sqlx::Result<u64> {
    let done = sqlx::query("DELETE FROM jobs WHERE run_at < $1 AND attempts = 0 AND key IS NULL").bind(before).execute(db).await?;
    Ok(done.rows_affected())
}

/// A timetable entry goes back on the pile for its next time.
pub async fn repeat(db: impl PgExecutor<'_>, job: JobId, next: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE jobs SET attempts = 0, locked_until = NULL, last_error = NULL, run_at = $2 WHERE id = $1")
        .bind(job)
        .bind(next)
        .execute(db)
        .await
        .map(drop)
}

/// Notes the failure and plans the next try, or lays the job aside. Says whether it is dead.
pub async fn fail(db: impl PgExecutor<'_>, job: &Job, error: &str, at: Instant) -> sqlx::Result<bool> {
    let is_dead = job.attempts >= MAX_ATTEMPTS;
    sqlx::query("UPDATE jobs SET locked_until = NULL, last_error = $2, run_at = $3, dead_at = $4 WHERE id = $1")
        .bind(job.id)
        .bind(error)
        .bind(at.plus_seconds(pause_seconds(job.attempts)))
        .bind(is_dead.then_some(at))
        .execute(db)
        .await?;
    Ok(is_dead)
}

/// 5 s, 20 s, 80 s … up to six hours.
fn pause_seconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or_default();
    (5 * 4_i64.pow(doublings)).min(21_600)
}

/// Jobs for the staff page: the dead first, then the due.
pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as("SELECT id, kind, payload, attempts, run_at, dead_at, last_error FROM jobs ORDER BY dead_at DESC NULLS LAST, run_at LIMIT 200")
        .fetch_all(db)
        .await
}

/// Gives a dead job another round of tries.
pub async fn revive(db: impl PgExecutor<'_>, job: JobId, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE jobs SET dead_at = NULL, attempts = 0, run_at = $2 WHERE id = $1 AND dead_at IS NOT NULL")
        .bind(job)
        .bind(at)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// (waiting, dead) for metrics and the dashboard.
pub async fn counts(db: impl PgExecutor<'_>) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as("SELECT count(*) FILTER (WHERE dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL) FROM jobs").fetch_one(db).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stop_growing() {
        assert_eq!([1, 2, 3, 14].map(pause_seconds), [5, 20, 80, 21_600]);
    }
}
