//! What the merchant sets on admin pages: one JSON document per key, with a version against lost edits.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgExecutor;

/// The value and version of a key; `T::default()` at version 0 where it was never saved.
pub async fn load<T: DeserializeOwned + Default + Send + Sync + Unpin + 'static>(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<(T, i32)> {
    let row: Option<(sqlx::types::Json<T>, i32)> =
        sqlx::query_as("SELECT value, version FROM settings WHERE key = $1").bind(key).fetch_optional(db).await?;
    Ok(row.map_or_else(|| (T::default(), 0), |(value, version)| (value.0, version)))
}

/// Saves unless someone saved since `seen_version`; says whether it did.
pub async fn save<T: Serialize + Sync>(db: impl PgExecutor<'_>, key: &str, value: &T, seen_version: i32) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = $2, version = settings.version + 1, updated_at = now()
          WHERE settings.version = $3",
    )
    .bind(key)
    .bind(sqlx::types::Json(value))
    .bind(seen_version)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
