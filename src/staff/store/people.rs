//! SQL of the people.

use sqlx::{PgConnection, PgExecutor};

use crate::base::StaffId;
use crate::staff::member::Member;
use crate::staff::role::Role;

pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Member>> {
    sqlx::query_as(
        "SELECT id, name, email, role, is_active, password_hash IS NOT NULL AS has_password, version, created_at,
                EXISTS (SELECT 1 FROM staff_factors f WHERE f.staff_id = staff.id AND f.secret IS NOT NULL) AS has_factor
           FROM staff
          ORDER BY is_active DESC, name, id",
    )
    .fetch_all(db)
    .await
}

pub async fn find(db: impl PgExecutor<'_>, id: StaffId) -> sqlx::Result<Option<Member>> {
    sqlx::query_as(
        "SELECT id, name, email, role, is_active, password_hash IS NOT NULL AS has_password, version, created_at,
                EXISTS (SELECT 1 FROM staff_factors f WHERE f.staff_id = staff.id AND f.secret IS NOT NULL) AS has_factor
           FROM staff
          WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// The owner whom the terminal's link signs in: the first who is still active.
pub async fn first_owner(db: impl PgExecutor<'_>) -> sqlx::Result<Option<Member>> {
    sqlx::query_as(
        "SELECT id, name, email, role, is_active, password_hash IS NOT NULL AS has_password, version, created_at,
                EXISTS (SELECT 1 FROM staff_factors f WHERE f.staff_id = staff.id AND f.secret IS NOT NULL) AS has_factor
           FROM staff
          WHERE role = 'owner' AND is_active
          ORDER BY created_at, id
          LIMIT 1",
    )
    .fetch_optional(db)
    .await
}

/// Locks all active owners, so that two of them cannot leave at the same time; the order avoids deadlocks.
pub async fn lock_owners(db: &mut PgConnection) -> sqlx::Result<Vec<StaffId>> {
    sqlx::query_scalar("SELECT id FROM staff WHERE role = 'owner' AND is_active ORDER BY id FOR UPDATE").fetch_all(db).await
}

/// The account behind an address: id, and the hash where a password was set and the account is active.
pub async fn credentials(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Option<(StaffId, Option<String>)>> {
    sqlx::query_as("SELECT id, password_hash FROM staff WHERE email_key = $1 AND is_active").bind(email).fetch_optional(db).await
}

pub async fn password_hash(db: impl PgExecutor<'_>, id: StaffId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT password_hash FROM staff WHERE id = $1 AND is_active").bind(id).fetch_one(db).await
}

/// Somebody new; `false` where the address is taken.
pub async fn insert(db: impl PgExecutor<'_>, member: &Member, password_hash: Option<&str>) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO staff (id, email, email_key, name, role, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT ON CONSTRAINT staff_email_key_key DO NOTHING",
    )
    .bind(member.id)
    .bind(&member.email)
    .bind(member.email.key())
    .bind(&member.name)
    .bind(member.role)
    .bind(password_hash)
    .bind(member.created_at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_password(db: impl PgExecutor<'_>, id: StaffId, hash: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff SET password_hash = $2, version = version + 1 WHERE id = $1").bind(id).bind(hash).execute(db).await.map(drop)
}

/// Changes what somebody is called and may do, unless somebody else did since `version`; says whether it did.
pub async fn set(db: impl PgExecutor<'_>, id: StaffId, name: &str, role: Role, is_active: bool, version: i32) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE staff SET name = $2, role = $3, is_active = $4, version = version + 1 WHERE id = $1 AND version = $5")
        .bind(id)
        .bind(name)
        .bind(role)
        .bind(is_active)
        .bind(version)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// One owner is made at a time: a second link, opened at the same moment, finds the first one's owner.
pub async fn lock_owner_creation(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE").execute(db).await.map(drop)
}
