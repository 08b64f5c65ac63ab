//! The address book: at most one address is the default, and while there are addresses there is one.

use sqlx::PgConnection;

use super::store::{accounts, addresses};
use crate::base::{Address, AddressId, CustomerId, Instant};

/// How many addresses one account keeps.
pub const MAX_ADDRESSES: i64 = 50;

/// An address in somebody's book.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SavedAddress {
    pub id: AddressId,
    #[sqlx(json)]
    pub address: Address,
    pub is_default: bool,
}

/// The address that forms begin with.
pub async fn default_address(db: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Option<SavedAddress>> {
    Ok(addresses::list(db, customer).await?.into_iter().next())
}

/// Adds an address, or changes the one named. `false` where there is none of that id, or no room for another.
///
/// The account's row is locked first, so that two savers cannot both make a default.
pub async fn save_address(
    db: &mut PgConnection,
    customer: CustomerId,
    known: Option<AddressId>,
    address: &Address,
    is_default: bool,
    at: Instant,
) -> sqlx::Result<bool> {
    accounts::lock(&mut *db, customer).await?;
    if is_default {
        addresses::clear_default(&mut *db, customer).await?;
    }
    let is_saved = match known {
        Some(id) => addresses::update(&mut *db, customer, id, address, is_default).await?,
        None => addresses::insert(&mut *db, customer, address, is_default, MAX_ADDRESSES, at).await?,
    };
    addresses::ensure_default(&mut *db, customer).await?;
    Ok(is_saved)
}

/// Takes an address out of the book; orders keep their own copies.
pub async fn delete_address(db: &mut PgConnection, customer: CustomerId, id: AddressId) -> sqlx::Result<bool> {
    accounts::lock(&mut *db, customer).await?;
    let is_gone = addresses::delete(&mut *db, customer, id).await?;
    addresses::ensure_default(&mut *db, customer).await?;
    Ok(is_gone)
}
