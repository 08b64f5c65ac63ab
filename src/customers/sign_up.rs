//! Signing up. Whether the address has an account shows only in the letter that goes to it (T30): both ways do the
//! same work and leave one letter to write.

use sqlx::PgConnection;

use super::store::accounts;
use super::tasks::{self, Task};
use crate::base::{CustomerId, Email, Instant};

/// Who wants an account.
#[derive(Debug)]
pub struct Application {
    pub name: String,
    pub email: Email,
    /// By `secrets::hash_password`, whether or not it will be used.
    pub password_hash: String,
    /// Prefix of the pair: the language of the letter.
    pub prefix: String,
}

/// Makes the account, unverified, or none where the address has one; says whether it did (for the caller's own use, not
/// for the person who asked).
pub async fn sign_up(db: &mut PgConnection, application: &Application, at: Instant) -> sqlx::Result<Option<CustomerId>> {
    let fresh = accounts::insert(&mut *db, &application.name, &application.email, &application.password_hash, at).await?;
    let known = accounts::find_by_key(&mut *db, &application.email.key()).await?.ok_or(sqlx::Error::RowNotFound)?;
    let kind = if fresh.is_some() { tasks::VERIFY } else { tasks::EXISTS };
    Task::new(known.id, &application.prefix, at).enqueue(&mut *db, kind, at).await?;
    Ok(fresh)
}
