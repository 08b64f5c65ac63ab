//! A new password through a letter. The link lives an hour, works once, and only while the account has the address
//! that it was sent to (T21). Whoever follows it has read that mailbox, so the address counts as confirmed.

use sqlx::PgConnection;

use super::account::Account;
use super::store::{accounts, sessions};
use super::tasks::{self, Task};
use crate::base::{CustomerId, Instant};
use crate::platform::tokens::{self, Purpose};

/// Minutes that a link lives.
const MINUTES: i64 = 60;

/// Makes the token of a link.
pub async fn issue(db: &mut PgConnection, account: &Account, at: Instant) -> sqlx::Result<String> {
    tokens::issue(db, Purpose::ResetPassword, account.id.uuid(), &account.email_key, at, at.plus_minutes(MINUTES)).await
}

/// Whose password a link would set, without using it up.
pub async fn pending(db: &mut PgConnection, token: &str, at: Instant) -> sqlx::Result<Option<Account>> {
    let Some((owner, bound_to)) = tokens::find(&mut *db, Purpose::ResetPassword, token, at).await? else { return Ok(None) };
    Ok(accounts::find(db, CustomerId::from_uuid(owner)).await?.filter(|account| account.email_key == bound_to))
}

/// Sets the password, ends every session and every other link. `None`: the link is no longer good.
pub async fn reset(db: &mut PgConnection, token: &str, password_hash: &str, prefix: &str, at: Instant) -> sqlx::Result<Option<Account>> {
    let Some((owner, bound_to)) = tokens::consume(&mut *db, Purpose::ResetPassword, token, at).await? else { return Ok(None) };
    let Some(account) = accounts::lock(&mut *db, CustomerId::from_uuid(owner)).await?.filter(|account| account.email_key == bound_to) else {
        return Ok(None);
    };
    accounts::set_verified_email(&mut *db, account.id, &account.email, at).await?;
    change_password(db, account.id, password_hash, prefix, at).await?;
    Ok(Some(account))
}

/// Sets the password of an account, ends its sessions and links, and lets its owner know.
pub async fn change_password(db: &mut PgConnection, customer: CustomerId, password_hash: &str, prefix: &str, at: Instant) -> sqlx::Result<()> {
    accounts::set_password(&mut *db, customer, password_hash).await?;
    sessions::delete_others(&mut *db, customer, &[]).await?;
    tokens::revoke(&mut *db, Purpose::ResetPassword, customer.uuid(), at).await?;
    Task::new(customer, prefix, at).enqueue(&mut *db, tasks::PASSWORD_CHANGED, at).await
}
