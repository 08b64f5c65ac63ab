//! Guest orders become part of an account once its owner has read a letter at the address they were placed with.

use sqlx::PgConnection;

use crate::base::CustomerId;

/// Gives the guest orders of an address to an account; says how many. Only after the address was confirmed, else
/// anybody who types it would read them (T20).
pub async fn attach_guest_orders(db: &mut PgConnection, customer: CustomerId, email_key: &str) -> sqlx::Result<u64> {
    let done = sqlx::query("UPDATE orders SET customer_id = $1 WHERE customer_id IS NULL AND email_key = $2")
        .bind(customer)
        .bind(email_key)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}
