//! SQL of the customer list.

use sqlx::PgExecutor;

use crate::base::CustomerId;
use crate::customers::account::Account;

/// The newest accounts whose name or address contains `part`, older than `before`.
pub async fn search(db: impl PgExecutor<'_>, part: &str, before: Option<CustomerId>, limit: i64) -> sqlx::Result<Vec<Account>> {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sqlx::query_as(
        "SELECT id, email, email_key, email_verified_at, name, created_at
           FROM customers
          WHERE (email_key LIKE lower($1) OR folded(name) LIKE folded($1))
            AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM customers WHERE id = $2))
          ORDER BY created_at DESC, id DESC
          LIMIT $3",
    )
    .bind(format!("%{escaped}%"))
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}
