//! Writes down what a provider says, once, forward only. Called under the order's lock by `orders::settle`; nothing
//! else books money.

use sqlx::PgConnection;

use super::payment::{Payment, Refund, State};
use super::provider::{RefundStanding, Standing};
use super::store;
use crate::base::{Actor, Instant, Money};

/// What a standing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing new.
    Nothing,
    Paid,
    /// Money came, but not the amount or currency of the frozen order: flagged, not booked as paid (T9, T10).
    Mismatch,
    Pending,
    Authorised,
    /// It definitely failed.
    Failed,
    /// It definitely ended unpaid.
    Expired,
}

/// Records the standing of a locked payment.
pub async fn record(db: &mut PgConnection, payment: &Payment, standing: &Standing, actor: Actor, at: Instant) -> sqlx::Result<Recorded> {
    let zero = Money::zero(payment.currency);
    let reference = payment.session_reference.as_deref().unwrap_or("");
    let (next, kind, amount, payment_reference, recorded) = match standing {
        Standing::Open => (State::Open, "", zero, None, Recorded::Nothing),
        Standing::Pending => (State::Pending, "pending", zero, None, Recorded::Pending),
        Standing::Authorised { amount, payment_reference } => {
            (State::Authorised, "authorised", *amount, Some(payment_reference.as_str()), Recorded::Authorised)
        }
        Standing::Paid { amount, payment_reference } => (State::Paid, "captured", *amount, Some(payment_reference.as_str()), Recorded::Paid),
        Standing::Failed { .. } => (State::Failed, "failed", zero, None, Recorded::Failed),
        Standing::Expired => (State::Expired, "expired", zero, None, Recorded::Expired),
    };
    if next == State::Paid && amount != payment.amount() && payment.state != State::Paid {
        let flag = format!("paid {amount}, ordered {}", payment.amount());
        let is_new = store::append_event(&mut *db, payment, "mismatch", amount, payment_reference.unwrap_or(reference), actor, at).await?;
        store::set_state(&mut *db, payment.id, payment.state, payment_reference, Some(&flag), at).await?;
        return Ok(if is_new { Recorded::Mismatch } else { Recorded::Nothing });
    }
    if next == payment.state || !payment.state.may_become(next) {
        store::set_state(&mut *db, payment.id, payment.state, payment_reference, None, at).await?;
        return Ok(Recorded::Nothing);
    }
    store::set_state(&mut *db, payment.id, next, payment_reference, None, at).await?;
    if kind.is_empty() {
        return Ok(Recorded::Nothing);
    }
    let is_new = store::append_event(&mut *db, payment, kind, amount, payment_reference.unwrap_or(reference), actor, at).await?;
    Ok(if is_new { recorded } else { Recorded::Nothing })
}

/// Books what arrived in the shop's own bank account as it is; false where a transfer with this reference is in the ledger.
pub async fn receive(db: &mut PgConnection, payment: &Payment, amount: Money, reference: &str, actor: Actor, at: Instant) -> sqlx::Result<bool> {
    store::append_event(db, payment, "captured", amount, reference, actor, at).await
}

/// Records what became of a refund; true where it has just succeeded. The order must be locked.
pub async fn record_refund(
    db: &mut PgConnection,
    payment: &Payment,
    refund: &Refund,
    standing: &RefundStanding,
    actor: Actor,
    at: Instant,
) -> sqlx::Result<bool> {
    match standing {
        RefundStanding::Pending { reference } => store::set_refund(&mut *db, refund.id, "pending", Some(reference), None, at).await.map(|_| false),
        RefundStanding::Failed { reference, reason } => {
            store::set_refund(&mut *db, refund.id, "failed", Some(reference), Some(reason), at).await.map(|_| false)
        }
        RefundStanding::Succeeded { reference } => {
            if !store::set_refund(&mut *db, refund.id, "succeeded", Some(reference), None, at).await? {
                return Ok(false);
            }
            store::append_event(&mut *db, payment, "refunded", refund.amount(), &refund.id.to_string(), actor, at).await
        }
    }
}
