//! Giving money back: by line, delivery or amount, never more than was taken. The row is written first, under the
//! order's lock; the provider is asked by a job, with a key that the row fixes, so a crash cannot pay twice.

use serde_json::json;
use sqlx::PgConnection;

use super::order::Order;
use super::settle::recompute;
use super::{stock, store, tasks};
use crate::base::{Actor, Instant, Money, OrderId, OrderLineId, RefundId, ids};
use crate::inventory;
use crate::inventory::Item;
use crate::payments;
use crate::payments::{Refund, RefundStanding};
use crate::platform::outbox;

/// Pieces of a line that are given back, by what becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pieces {
    pub line: OrderLineId,
    /// Had left the house.
    pub sent: i32,
    /// Have not left, and will not: they are cancelled.
    pub unsent: i32,
}

/// What staff ask for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub lines: Vec<Pieces>,
    /// Delivery or goodwill, on top of the lines.
    pub extra: Money,
    /// Put the pieces that had left back on the shelf.
    pub restock: bool,
    pub reason: String,
}

/// Why no refund was made.
#[derive(Debug, thiserror::Error)]
pub enum RefundRefused {
    #[error("nothing to refund")]
    Nothing,
    /// More than what is left of the money taken.
    #[error("only {0} can be refunded")]
    OnlyLeft(Money),
    #[error("more pieces than were sold")]
    TooMany,
    #[error("nothing was paid")]
    NotPaid,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// What is left to give back.
pub async fn refundable(db: &mut PgConnection, order: &Order) -> sqlx::Result<Money> {
    let (captured, refunded, on_the_way) = payments::balance(db, order.id).await?;
    Ok(order.money((captured - refunded - on_the_way).max(0)))
}

/// Writes the refund down and enqueues it.
pub async fn refund(db: &mut PgConnection, order: OrderId, wanted: &Wanted, actor: Actor, at: Instant) -> Result<RefundId, RefundRefused> {
    let order = store::lock(&mut *db, order).await?.ok_or(sqlx::Error::RowNotFound)?;
    let payment = payments::with_money(&mut *db, order.id).await?.ok_or(RefundRefused::NotPaid)?;
    let lines = store::lines(&mut *db, order.id).await?;
    let mut amount = wanted.extra;
    let (mut back, mut freed) = (Vec::new(), Vec::new());
    for pieces in &wanted.lines {
        let line = lines.iter().find(|line| line.id == pieces.line).ok_or(RefundRefused::TooMany)?;
        let is_there = (0..=line.returnable_qty()).contains(&pieces.sent) && (0..=line.open_qty()).contains(&pieces.unsent);
        if !is_there {
            return Err(RefundRefused::TooMany);
        }
        amount = amount.plus(line.refund_for(pieces.sent + pieces.unsent, order.currency));
        back.extend(line.variant_id.map(|variant| Item { variant, line: line.id, qty: pieces.sent }));
        freed.extend(line.variant_id.map(|variant| Item { variant, line: line.id, qty: pieces.unsent }));
    }
    if !amount.is_positive() || wanted.extra.minor() < 0 {
        return Err(RefundRefused::Nothing);
    }
    let left = refundable(&mut *db, &order).await?;
    if amount.minor() > left.minor() {
        return Err(RefundRefused::OnlyLeft(left));
    }
    let refund = Refund {
        id: RefundId::fresh(at),
        order_id: order.id,
        payment_id: payment.id,
        amount_minor: amount.minor(),
        currency: order.currency,
        state: "requested".into(),
        reference: None,
        reason: wanted.reason.clone(),
        actor: actor.to_string(),
        error: None,
        created_at: at,
    };
    payments::insert_refund(&mut *db, &refund, &json!(wanted.lines)).await?;
    for pieces in &wanted.lines {
        store::add_refunded(&mut *db, pieces.line, pieces.sent + pieces.unsent).await?;
        store::add_cancelled(&mut *db, pieces.line, pieces.unsent).await?;
    }
    if order.stock_held {
        freed.retain(|item| item.qty > 0);
        let note = stock::note(&mut *db, "refunded before it left", actor, at).await?;
        inventory::release(&mut *db, ids::v7(at), &freed, &note).await?;
    }
    if wanted.restock {
        back.retain(|item| item.qty > 0);
        let note = stock::note(&mut *db, "returned", actor, at).await?;
        inventory::restock(&mut *db, refund.id.uuid(), &back, &note).await?;
    }
    store::append_event(
        &mut *db,
        order.id,
        "refund_requested",
        actor,
        json!({ "amount": amount.plain(), "currency": order.currency, "reason": wanted.reason }),
        at,
    )
    .await?;
    tasks::refund(&mut *db, refund.id, at).await?;
    recompute(db, &order, at).await?;
    Ok(refund.id)
}

/// Writes down what became of a refund; its letter leaves when the money does.
pub async fn settle_refund(db: &mut PgConnection, refund: &Refund, standing: &RefundStanding, at: Instant) -> sqlx::Result<()> {
    let Some(order) = store::lock(&mut *db, refund.order_id).await? else { return Ok(()) };
    let Some(payment) = payments::lock(&mut *db, refund.payment_id).await? else { return Ok(()) };
    let has_succeeded = payments::record_refund(&mut *db, &payment, refund, standing, Actor::Provider, at).await?;
    let amount = json!({ "amount": refund.amount().plain(), "currency": refund.currency });
    if has_succeeded {
        store::append_event(&mut *db, order.id, "refunded", Actor::Provider, amount.clone(), at).await?;
        outbox::append(
            &mut *db,
            outbox::Fact { entity: "order", id: order.id.uuid(), kind: "refunded", payload: amount, occurred_at: at, actor: Actor::Provider },
        )
        .await?;
        tasks::letter(&mut *db, order.id, tasks::Letter::Refunded, Some(refund.id.uuid()), at).await?;
    } else if let RefundStanding::Failed { reason, .. } = standing {
        store::append_event(&mut *db, order.id, "refund_failed", Actor::Provider, json!({ "reason": reason }), at).await?;
        store::set_flag(&mut *db, order.id, Some("A refund failed at the provider. See the timeline.")).await?;
    }
    recompute(db, &order, at).await
}
