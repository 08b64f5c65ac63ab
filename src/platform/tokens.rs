//! Single-purpose tokens that strangers hold (order access, reset, verification, the owner's link): stored hashed,
//! bound to one purpose and owner, with expiry (T20, T21).

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::secrets;
use crate::base::Instant;

/// What a token is good for. One token opens exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Order,
    ResetPassword,
    VerifyEmail,
    OwnerLink,
    StaffInvitation,
    /// Stands for a right password until the second factor follows.
    StaffCode,
    ConfirmNewsletter,
    LeaveNewsletter,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::ResetPassword => "reset-password",
            Self::VerifyEmail => "verify-email",
            Self::OwnerLink => "owner-link",
            Self::StaffInvitation => "staff-invitation",
            Self::StaffCode => "staff-code",
            Self::ConfirmNewsletter => "confirm-newsletter",
            Self::LeaveNewsletter => "leave-newsletter",
        }
    }
}

/// Makes a token and stores its hash. `bound_to` is what must still be true at use (the e-mail address, say).
pub async fn issue(db: impl PgExecutor<'_>, purpose: Purpose, owner: Uuid, bound_to: &str, at: Instant, expires_at: Instant) -> sqlx::Result<String> {
    let token = secrets::token();
    sqlx::query("INSERT INTO tokens (hash, purpose, owner, bound_to, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(secrets::hash(&token))
        .bind(purpose.name())
        .bind(owner)
        .bind(bound_to)
        .bind(expires_at)
        .bind(at)
        .execute(db)
        .await?;
    Ok(token)
}

/// The owner of a live, unused token and what it is bound to.
pub async fn find(db: impl PgExecutor<'_>, purpose: Purpose, token: &str, at: Instant) -> sqlx::Result<Option<(Uuid, String)>> {
    sqlx::query_as("SELECT owner, bound_to FROM tokens WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3")
        .bind(secrets::hash(token))
        .bind(purpose.name())
        .bind(at)
        .fetch_optional(db)
        .await
}

/// Uses a token up; of two racing users one gets the owner.
pub async fn consume(db: &mut PgConnection, purpose: Purpose, token: &str, at: Instant) -> sqlx::Result<Option<(Uuid, String)>> {
    sqlx::query_as(
        "UPDATE tokens SET used_at = $3
          WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
      RETURNING owner, bound_to",
    )
    .bind(secrets::hash(token))
    .bind(purpose.name())
    .bind(at)
    .fetch_optional(db)
    .await
}

/// Ends every unused token of an owner for one purpose.
pub async fn revoke(db: impl PgExecutor<'_>, purpose: Purpose, owner: Uuid, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE tokens SET used_at = $3 WHERE owner = $1 AND purpose = $2 AND used_at IS NULL")
        .bind(owner)
        .bind(purpose.name())
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Forgets tokens that ended more than 30 days ago.
pub async fn prune(db: impl PgExecutor<'_>, at: Instant) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM tokens WHERE expires_at < $1").bind(at.plus_days(-30)).execute(db).await?.rows_affected())
}
