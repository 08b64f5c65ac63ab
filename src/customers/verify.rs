//! Confirming an address through a letter: that of a new account, or another one for it. The link is bound to the
//! account, to the address that it had, and to the one that the letter went to (T21).

use sqlx::PgConnection;

use super::account::Account;
use super::store::accounts;
use super::tasks::{self, Task};
use crate::base::{CustomerId, Email, Instant};
use crate::platform::tokens::{self, Purpose};

/// Days that a link lives.
const DAYS: i64 = 3;

/// Makes the token of a link that makes `wanted` the account's confirmed address.
pub async fn issue(db: &mut PgConnection, account: &Account, wanted: &Email, at: Instant) -> sqlx::Result<String> {
    // Addresses contain no space.
    let bound_to = format!("{} {wanted}", account.email_key);
    tokens::issue(db, Purpose::VerifyEmail, account.id.uuid(), &bound_to, at, at.plus_days(DAYS)).await
}

/// The account of a link and the address that it would confirm, without using it up.
pub async fn pending(db: &mut PgConnection, token: &str, at: Instant) -> sqlx::Result<Option<(Account, Email)>> {
    let Some((owner, bound_to)) = tokens::find(&mut *db, Purpose::VerifyEmail, token, at).await? else { return Ok(None) };
    let account = accounts::find(db, CustomerId::from_uuid(owner)).await?;
    Ok(account.and_then(|account| wanted(&account, &bound_to).map(|email| (account, email))))
}

/// Confirms the address; returns the account as it is then. `None`: the link is no longer good, or another account took
/// the address meanwhile; the caller must not commit.
pub async fn verify(db: &mut PgConnection, token: &str, prefix: &str, at: Instant) -> sqlx::Result<Option<Account>> {
    let Some((owner, bound_to)) = tokens::consume(&mut *db, Purpose::VerifyEmail, token, at).await? else { return Ok(None) };
    let Some(account) = accounts::lock(&mut *db, CustomerId::from_uuid(owner)).await? else { return Ok(None) };
    let Some(email) = wanted(&account, &bound_to) else { return Ok(None) };
    if !accounts::set_verified_email(&mut *db, account.id, &email, at).await? {
        return Ok(None);
    }
    if email.key() != account.email_key {
        tokens::revoke(&mut *db, Purpose::ResetPassword, owner, at).await?;
        Task::new(account.id, prefix, at).with_email(account.email).enqueue(&mut *db, tasks::EMAIL_CHANGED, at).await?;
    }
    tokens::revoke(&mut *db, Purpose::VerifyEmail, owner, at).await?;
    accounts::find(db, account.id).await
}

fn wanted(account: &Account, bound_to: &str) -> Option<Email> {
    let (current_key, wanted) = bound_to.split_once(' ')?;
    (current_key == account.email_key).then(|| Email::parse(wanted)).flatten()
}
