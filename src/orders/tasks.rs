//! Work of the orders to do later: letters and refunds. Data only; `jobs.rs` does it.

use sqlx::PgExecutor;

use crate::base::{Instant, OrderId, RefundId};
use crate::platform::jobs;

/// Job kinds of this room.
pub const LETTER: &str = "orders.letter";
pub const REFUND: &str = "orders.refund";

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    Placed,
    /// A transfer arrived for an order that waited for it.
    Paid,
    /// A part of a transfer arrived.
    PartPaid,
    Shipped,
    Delivered,
    Refunded,
    Cancelled,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct LetterTask {
    pub order: OrderId,
    pub letter: Letter,
    /// The parcel or refund that it is about.
    pub about: Option<uuid::Uuid>,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct RefundTask {
    pub refund: RefundId,
}

pub async fn letter(db: impl PgExecutor<'_>, order: OrderId, letter: Letter, about: Option<uuid::Uuid>, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, LETTER, &LetterTask { order, letter, about }, at).await
}

pub async fn refund(db: impl PgExecutor<'_>, refund: RefundId, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, REFUND, &RefundTask { refund }, at).await
}
