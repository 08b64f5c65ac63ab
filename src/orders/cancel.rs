//! Cancelling what has not left the house: goods back on the shelf, money back to the shopper, one letter.

use serde_json::json;
use sqlx::PgConnection;

use super::refund::{Pieces, RefundRefused, Wanted, refund, refundable};
use super::settle::recompute;
use super::status::{FulfilmentStatus, OrderStatus};
use super::{stock, store, tasks};
use crate::base::{Actor, Instant, OrderId};
use crate::payments;
use crate::payments::State;
use crate::platform::outbox;

/// Why it was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelRefused {
    #[error("something has been shipped")]
    Shipped,
    #[error("it is over already")]
    Over,
    /// A payment is under way: end its session first, then ask again.
    #[error("a payment is under way")]
    BeingPaid,
    #[error(transparent)]
    Refund(#[from] RefundRefused),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Cancels an order whole. The caller has ended any hosted session before ([`super::end_session`]).
pub async fn cancel(db: &mut PgConnection, order: OrderId, reason: &str, actor: Actor, at: Instant) -> Result<(), CancelRefused> {
    let order = store::lock(&mut *db, order).await?.ok_or(sqlx::Error::RowNotFound)?;
    if !matches!(order.status, OrderStatus::Pending | OrderStatus::Placed) {
        return Err(CancelRefused::Over);
    }
    if order.fulfilment_status != FulfilmentStatus::None {
        return Err(CancelRefused::Shipped);
    }
    for payment in payments::of_order(&mut *db, order.id).await?.iter().filter(|payment| payment.state.is_live()) {
        if payment.provider.is_hosted() {
            return Err(CancelRefused::BeingPaid);
        }
        payments::set_state(&mut *db, payment.id, State::Voided, None, None, at).await?;
    }
    stock::release(&mut *db, &order, actor, at).await?;
    let lines = store::lines(&mut *db, order.id).await?;
    let left = refundable(&mut *db, &order).await?;
    if left.is_positive() {
        let open = lines.iter().filter(|line| line.open_qty() > 0);
        let back: Vec<Pieces> = open.clone().map(|line| Pieces { line: line.id, sent: 0, unsent: line.open_qty() }).collect();
        let worth = open.fold(order.money(0), |sum, line| sum.plus(line.refund_for(line.open_qty(), order.currency)));
        let wanted = if worth.minor() <= left.minor() {
            Wanted { lines: back, extra: left.minus(worth), restock: false, reason: reason.to_owned() }
        } else {
            Wanted { lines: Vec::new(), extra: left, restock: false, reason: reason.to_owned() }
        };
        refund(&mut *db, order.id, &wanted, actor, at).await?;
    }
    for line in store::lines(&mut *db, order.id).await?.iter().filter(|line| line.open_qty() > 0) {
        store::add_cancelled(&mut *db, line.id, line.open_qty()).await?;
    }
    store::set_statuses(&mut *db, order.id, OrderStatus::Cancelled, order.payment_status, order.fulfilment_status, None).await?;
    store::set_cancelled(&mut *db, order.id, at).await?;
    store::append_event(&mut *db, order.id, "cancelled", actor, json!({ "reason": reason }), at).await?;
    let fact = outbox::Fact { entity: "order", id: order.id.uuid(), kind: "cancelled", payload: json!({ "reason": reason }), occurred_at: at, actor };
    outbox::append(&mut *db, fact).await?;
    tasks::letter(&mut *db, order.id, tasks::Letter::Cancelled, None, at).await?;
    recompute(db, &order, at).await?;
    Ok(())
}
