//! SQL of the second factors and the recovery codes.

use sqlx::{PgConnection, PgExecutor};

use crate::base::{Instant, StaffId};

/// What is stored of somebody's second factor, locked.
#[derive(Debug, Default, sqlx::FromRow)]
pub struct StoredFactor {
    /// The secret that counts.
    pub secret: Option<Vec<u8>>,
    pub confirmed_at: Option<Instant>,
    /// One that was shown and waits for its first code.
    pub offered: Option<Vec<u8>>,
    pub offered_at: Option<Instant>,
}

pub async fn factor(db: impl PgExecutor<'_>, staff: StaffId) -> sqlx::Result<StoredFactor> {
    let found: Option<StoredFactor> = sqlx::query_as("SELECT secret, confirmed_at, offered, offered_at FROM staff_factors WHERE staff_id = $1")
        .bind(staff)
        .fetch_optional(db)
        .await?;
    Ok(found.unwrap_or_default())
}

/// Keeps a secret that is shown next; the one that counts goes on counting.
pub async fn offer_factor(db: impl PgExecutor<'_>, staff: StaffId, locked: &[u8], at: Instant) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO staff_factors (staff_id, offered, offered_at) VALUES ($1, $2, $3)
         ON CONFLICT (staff_id) DO UPDATE SET offered = $2, offered_at = $3",
    )
    .bind(staff)
    .bind(locked)
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// From now on the offered secret counts, and the step of its first code is used; `false` where another was offered meanwhile.
pub async fn confirm_factor(db: impl PgExecutor<'_>, staff: StaffId, offered: &[u8], step: i64, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE staff_factors SET secret = offered, confirmed_at = $4, last_step = $3, offered = NULL, offered_at = NULL
          WHERE staff_id = $1 AND offered = $2",
    )
    .bind(staff)
    .bind(offered)
    .bind(step)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses the code of a step up; of two that come with it at the same moment one gets `true` (RFC 6238 section 5.2).
pub async fn use_step(db: impl PgExecutor<'_>, staff: StaffId, step: i64) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE staff_factors SET last_step = $2 WHERE staff_id = $1 AND secret IS NOT NULL AND last_step < $2")
        .bind(staff)
        .bind(step)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets somebody's second factor and recovery codes; says whether there was one that counted.
pub async fn delete_factor(db: &mut PgConnection, staff: StaffId) -> sqlx::Result<bool> {
    sqlx::query("DELETE FROM staff_recovery_codes WHERE staff_id = $1").bind(staff).execute(&mut *db).await?;
    let counted: Option<bool> =
        sqlx::query_scalar("DELETE FROM staff_factors WHERE staff_id = $1 RETURNING secret IS NOT NULL").bind(staff).fetch_optional(db).await?;
    Ok(counted.unwrap_or(false))
}

/// New recovery codes, hashed, in place of all that there were.
pub async fn replace_recovery_codes(db: &mut PgConnection, staff: StaffId, hashes: &[Vec<u8>], at: Instant) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM staff_recovery_codes WHERE staff_id = $1").bind(staff).execute(&mut *db).await?;
    sqlx::query("INSERT INTO staff_recovery_codes (hash, staff_id, created_at) SELECT hash, $1, $3 FROM unnest($2::bytea[]) AS hash")
        .bind(staff)
        .bind(hashes)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Uses a recovery code up; `false` where it is nobody's, another's or used.
pub async fn use_recovery_code(db: impl PgExecutor<'_>, staff: StaffId, hash: &[u8], at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE staff_recovery_codes SET used_at = $3 WHERE hash = $2 AND staff_id = $1 AND used_at IS NULL")
        .bind(staff)
        .bind(hash)
        .bind(at)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Recovery codes that are still good.
pub async fn recovery_codes_left(db: impl PgExecutor<'_>, staff: StaffId) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM staff_recovery_codes WHERE staff_id = $1 AND used_at IS NULL").bind(staff).fetch_one(db).await
}
