//! Checking a password, with the same work for addresses that have no account (T30).

use sqlx::PgPool;

use super::store::accounts;
use crate::base::CustomerId;
use crate::platform::secrets;

/// Whose password this is. No connection is held while the hash is computed.
pub async fn check(db: &PgPool, email_key: &str, password: String) -> anyhow::Result<Option<CustomerId>> {
    let (id, hash) = accounts::credentials(db, email_key).await?.map_or((None, None), |(id, hash)| (Some(id), hash));
    let is_right = secrets::verify_password(password, hash).await?;
    Ok(id.filter(|_| is_right))
}

/// Is this the password of the account?
pub async fn check_own(db: &PgPool, customer: CustomerId, password: String) -> anyhow::Result<bool> {
    let hash = accounts::password_hash(db, customer).await?;
    secrets::verify_password(password, hash).await
}
