//! SQL of the accounts.

use sqlx::PgExecutor;

use crate::base::{CustomerId, Email, Instant};
use crate::customers::account::Account;

pub async fn find(db: impl PgExecutor<'_>, id: CustomerId) -> sqlx::Result<Option<Account>> {
    sqlx::query_as("SELECT id, email, email_key, email_verified_at, name, created_at FROM customers WHERE id = $1").bind(id).fetch_optional(db).await
}

/// The account of an address, by [`Email::key`].
pub async fn find_by_key(db: impl PgExecutor<'_>, email_key: &str) -> sqlx::Result<Option<Account>> {
    sqlx::query_as("SELECT id, email, email_key, email_verified_at, name, created_at FROM customers WHERE email_key = $1")
        .bind(email_key)
        .fetch_optional(db)
        .await
}

/// Holds the account until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: CustomerId) -> sqlx::Result<Option<Account>> {
    sqlx::query_as("SELECT id, email, email_key, email_verified_at, name, created_at FROM customers WHERE id = $1 FOR UPDATE")
        .bind(id)
        .fetch_optional(db)
        .await
}

/// Makes an account; `None` where the address has one.
pub async fn insert(db: impl PgExecutor<'_>, name: &str, email: &Email, password_hash: &str, at: Instant) -> sqlx::Result<Option<CustomerId>> {
    sqlx::query_scalar(
        "INSERT INTO customers (id, email, email_key, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (email_key) DO NOTHING
      RETURNING id",
    )
    .bind(CustomerId::fresh(at))
    .bind(email)
    .bind(email.key())
    .bind(name)
    .bind(password_hash)
    .bind(at)
    .fetch_optional(db)
    .await
}

/// Who an address signs in as, and the hash that the password must fit.
pub async fn credentials(db: impl PgExecutor<'_>, email_key: &str) -> sqlx::Result<Option<(CustomerId, Option<String>)>> {
    sqlx::query_as("SELECT id, password_hash FROM customers WHERE email_key = $1").bind(email_key).fetch_optional(db).await
}

pub async fn password_hash(db: impl PgExecutor<'_>, id: CustomerId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT password_hash FROM customers WHERE id = $1").bind(id).fetch_one(db).await
}

pub async fn set_password(db: impl PgExecutor<'_>, id: CustomerId, password_hash: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE customers SET password_hash = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(password_hash)
        .execute(db)
        .await
        .map(drop)
}

pub async fn set_name(db: impl PgExecutor<'_>, id: CustomerId, name: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE customers SET name = $2, version = version + 1 WHERE id = $1").bind(id).bind(name).execute(db).await.map(drop)
}

/// Notes that a letter to `email` was answered and makes it the account's address; `false` where another account has
/// it (constraint `customers_email_key_key`; the caller's transaction is then over).
pub async fn set_verified_email(db: impl PgExecutor<'_>, id: CustomerId, email: &Email, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE customers
            SET email = $2, email_key = $3, version = version + 1,
                email_verified_at = CASE WHEN email_key = $3 THEN coalesce(email_verified_at, $4) ELSE $4 END
          WHERE id = $1",
    )
    .bind(id)
    .bind(email)
    .bind(email.key())
    .bind(at)
    .execute(db)
    .await;
    match done {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("customers_email_key_key") => Ok(false),
        Err(error) => Err(error),
    }
}
