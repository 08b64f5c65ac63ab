//! Counters in Postgres that slow guessing down, shared by all nodes (sign-in, reset, sign-up).

use sqlx::PgExecutor;

use crate::base::Instant;

/// Counts one more try of `key` and says whether it is still within `limit` per `window_seconds`.
pub async fn allow(db: impl PgExecutor<'_>, key: &str, limit: i32, window_seconds: i64, at: Instant) -> sqlx::Result<bool> {
    let count: i32 = sqlx::query_scalar(
        "INSERT INTO throttles (key, count, resets_at) VALUES ($1, 1, $2)
         ON CONFLICT (key) DO UPDATE
            SET count     = CASE WHEN throttles.resets_at <= $3 THEN 1 ELSE throttles.count + 1 END,
                resets_at = CASE WHEN throttles.resets_at <= $3 THEN $2 ELSE throttles.resets_at END
      RETURNING count",
    )
    .bind(key)
    .bind(at.plus_seconds(window_seconds))
    .bind(at)
    .fetch_one(db)
    .await?;
    Ok(count <= limit)
}

/// Forgets the tries of a key: the right person came through.
pub async fn clear(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM throttles WHERE key = $1").bind(key).execute(db).await.map(drop)
}

pub async fn prune(db: impl PgExecutor<'_>, at: Instant) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM throttles WHERE resets_at < $1").bind(at).execute(db).await?.rows_affected())
}
