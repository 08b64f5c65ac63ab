//! Money in the shop's own bank account: staff book what the statement shows, be it all of an order, a part or too much.
//! The ledger holds what arrived; whether the order is paid follows from it.

use serde_json::json;
use sqlx::PgConnection;

use super::order::Order;
use super::settle::{accept, recompute};
use super::status::{Facts, OrderStatus};
use super::{store, tasks};
use crate::base::{Actor, Instant, Money, OrderId, PaymentId, ids};
use crate::payments;
use crate::payments::State;

/// What a transfer made of its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// So much is missing still.
    Part(Money),
    All,
    /// So much came on top.
    More(Money),
}

/// What is still to come for an order; nothing where it is over.
pub fn awaited(order: &Order, facts: &Facts) -> Money {
    order.money(if order.status.is_called_off() { 0 } else { facts.missing() })
}

/// Books a transfer under the order's lock. `None` where one with this reference was booked before.
pub async fn receive(
    db: &mut PgConnection,
    payment: PaymentId,
    amount: Money,
    reference: &str,
    actor: Actor,
    at: Instant,
) -> sqlx::Result<Option<Received>> {
    let known = payments::find(&mut *db, payment).await?.ok_or(sqlx::Error::RowNotFound)?;
    let order = store::lock(&mut *db, known.order_id).await?.ok_or(sqlx::Error::RowNotFound)?;
    let payment = payments::lock(&mut *db, payment).await?.ok_or(sqlx::Error::RowNotFound)?;
    let before = store::facts(&mut *db, order.id).await?;
    if !payments::receive(&mut *db, &payment, amount, reference, actor, at).await? {
        return Ok(None);
    }
    let data = json!({ "amount": amount.plain(), "currency": amount.currency(), "reference": reference });
    store::append_event(&mut *db, order.id, "transfer", actor, data, at).await?;
    let now = store::facts(&mut *db, order.id).await?;
    if now.missing() == 0 {
        payments::set_state(&mut *db, payment.id, State::Paid, Some(reference), None, at).await?;
    }
    if order.status == OrderStatus::Cancelled || (now.missing() == 0 && before.missing() > 0) {
        accept(&mut *db, &order, actor, at).await?;
    } else if now.missing() > 0 {
        tasks::letter(&mut *db, order.id, tasks::Letter::PartPaid, Some(ids::v7(at)), at).await?;
    }
    recompute(db, &order, at).await?;
    let over = now.captured - now.total;
    Ok(Some(match now.missing() {
        0 if over > 0 => Received::More(order.money(over)),
        0 => Received::All,
        missing => Received::Part(order.money(missing)),
    }))
}

/// The merchant lets the rest of a part-paid order go: from now on it counts as paid. `None` where nothing is missing, or
/// nothing came yet.
pub async fn waive_rest(db: &mut PgConnection, order: OrderId, reason: &str, actor: Actor, at: Instant) -> sqlx::Result<Option<Money>> {
    let order: Order = store::lock(&mut *db, order).await?.ok_or(sqlx::Error::RowNotFound)?;
    let facts = store::facts(&mut *db, order.id).await?;
    let due = payments::latest(&mut *db, order.id).await?.filter(|payment| !payment.provider.is_hosted());
    let (Some(due), true) = (due, order.status == OrderStatus::Placed && facts.captured > 0 && facts.missing() > 0) else {
        return Ok(None);
    };
    let rest = order.money(facts.missing());
    store::waive(&mut *db, order.id, rest.minor()).await?;
    let data = json!({ "amount": rest.plain(), "currency": rest.currency(), "reason": reason });
    store::append_event(&mut *db, order.id, "rest_waived", actor, data, at).await?;
    payments::set_state(&mut *db, due.id, State::Paid, None, None, at).await?;
    accept(&mut *db, &order, actor, at).await?;
    recompute(db, &order, at).await?;
    Ok(Some(rest))
}
