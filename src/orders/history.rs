//! The orders of one customer, as their account lists them.

use sqlx::PgExecutor;

use super::status::{FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::base::{Currency, CustomerId, Instant, Money};

/// One line of the list. The three statuses are separate axes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Past {
    pub number: String,
    pub placed_at: Instant,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub fulfilment_status: FulfilmentStatus,
    pub currency: Currency,
    pub total_minor: i64,
    /// Hashes of the pictures of its first lines.
    pub pictures: Vec<String>,
}

impl Past {
    pub const fn total(&self) -> Money {
        Money::new(self.total_minor, self.currency)
    }
}

/// The newest orders of a customer, older than the one with the number `before`. Attempts that expired are left out.
pub async fn of_customer(db: impl PgExecutor<'_>, customer: CustomerId, before: Option<&str>, limit: i64) -> sqlx::Result<Vec<Past>> {
    sqlx::query_as(
        "SELECT number, placed_at, status, payment_status, fulfilment_status, currency, total_minor,
                ARRAY(SELECT l.picture FROM order_lines l WHERE l.order_id = orders.id AND l.picture IS NOT NULL ORDER BY l.position LIMIT 3) AS pictures
           FROM orders
          WHERE customer_id = $1 AND status <> 'expired'
            AND ($2::text IS NULL OR (placed_at, id) < (SELECT placed_at, id FROM orders WHERE number = $2 AND customer_id = $1))
          ORDER BY placed_at DESC, id DESC
          LIMIT $3",
    )
    .bind(customer)
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}
