//! SQL of the address books. Every statement carries the owner (T20).

use sqlx::PgExecutor;
use sqlx::types::Json;

use crate::base::{Address, AddressId, CustomerId, Instant};
use crate::customers::address_book::SavedAddress;

/// The addresses of an account, the default first, then the newest.
pub async fn list(db: impl PgExecutor<'_>, customer: CustomerId) -> sqlx::Result<Vec<SavedAddress>> {
    sqlx::query_as("SELECT id, address, is_default FROM addresses WHERE customer_id = $1 ORDER BY is_default DESC, id DESC")
        .bind(customer)
        .fetch_all(db)
        .await
}

pub async fn find(db: impl PgExecutor<'_>, customer: CustomerId, id: AddressId) -> sqlx::Result<Option<SavedAddress>> {
    sqlx::query_as("SELECT id, address, is_default FROM addresses WHERE customer_id = $1 AND id = $2")
        .bind(customer)
        .bind(id)
        .fetch_optional(db)
        .await
}

/// Adds an address unless the book holds `most` already.
pub async fn insert(
    db: impl PgExecutor<'_>,
    customer: CustomerId,
    address: &Address,
    is_default: bool,
    most: i64,
    at: Instant,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO addresses (id, customer_id, address, is_default, created_at)
         SELECT $1, $2, $3, $4, $5
          WHERE (SELECT count(*) FROM addresses WHERE customer_id = $2) < $6",
    )
    .bind(AddressId::fresh(at))
    .bind(customer)
    .bind(Json(address))
    .bind(is_default)
    .bind(at)
    .bind(most)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn update(db: impl PgExecutor<'_>, customer: CustomerId, id: AddressId, address: &Address, is_default: bool) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE addresses SET address = $3, is_default = $4 WHERE customer_id = $1 AND id = $2")
        .bind(customer)
        .bind(id)
        .bind(Json(address))
        .bind(is_default)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete(db: impl PgExecutor<'_>, customer: CustomerId, id: AddressId) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM addresses WHERE customer_id = $1 AND id = $2").bind(customer).bind(id).execute(db).await?;
    Ok(done.rows_affected() == 1)
}

pub async fn clear_default(db: impl PgExecutor<'_>, customer: CustomerId) -> sqlx::Result<()> {
    sqlx::query("UPDATE addresses SET is_default = false WHERE customer_id = $1 AND is_default").bind(customer).execute(db).await.map(drop)
}

/// Where no address is the default, the newest becomes it.
pub async fn ensure_default(db: impl PgExecutor<'_>, customer: CustomerId) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE addresses
            SET is_default = true
          WHERE id = (SELECT id FROM addresses WHERE customer_id = $1 ORDER BY id DESC LIMIT 1)
            AND NOT EXISTS (SELECT FROM addresses WHERE customer_id = $1 AND is_default)",
    )
    .bind(customer)
    .execute(db)
    .await
    .map(drop)
}
