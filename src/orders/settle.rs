//! Phase 3 of a sale: what the provider says is written down once, by whoever comes first: the browser's return, a
//! webhook or the sweeper. Locks the order, then the payment; idempotent; forward only.

use serde_json::json;
use sqlx::{PgConnection, PgPool};

use super::order::Order;
use super::status::{FulfilmentStatus, OrderStatus};
use super::{stock, store, tasks};
use crate::base::{Actor, Instant, PaymentId};
use crate::cart;
use crate::payments;
use crate::payments::{Method, Payment, ProviderError, Providers, Recorded, Standing};
use crate::platform::outbox;

/// What a look at the provider left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Changed,
    Unchanged,
}

/// Asks the provider about a payment and writes down the answer. An unclear answer changes nothing: ask again.
pub async fn check(db: &PgPool, providers: &Providers, payment: &Payment, at: Instant) -> Result<Settled, CheckError> {
    let Some(reference) = &payment.session_reference else { return Ok(Settled::Unchanged) };
    let standing = providers.query(payment.provider, reference, at).await?;
    commit(db, payment.id, &standing, at).await
}

/// What became of an order whose payment is under way: the provider is asked, and where it gives no answer the order stands
/// as it stood; the sweeper will ask again.
pub async fn ask(db: &PgPool, providers: &Providers, order: &Order, at: Instant) -> sqlx::Result<OrderStatus> {
    let Some(payment) = payments::latest(db, order.id).await?.filter(|payment| payment.state.is_live()) else { return Ok(order.status) };
    if let Err(error) = check(db, providers, &payment, at).await {
        tracing::warn!(order.number, %error, "the provider could not be asked; the sweeper will");
    }
    Ok(store::find(db, order.id).await?.map_or(OrderStatus::Expired, |order| order.status))
}

/// Ends the payable session of a payment and writes down what it really became.
pub async fn end_session(db: &PgPool, providers: &Providers, payment: &Payment, at: Instant) -> Result<Settled, CheckError> {
    let standing = match &payment.session_reference {
        Some(reference) => providers.expire(payment.provider, reference, at).await?,
        None => Standing::Expired,
    };
    commit(db, payment.id, &standing, at).await
}

/// [`settle`] in a transaction of its own.
pub async fn commit(db: &PgPool, payment: PaymentId, standing: &Standing, at: Instant) -> Result<Settled, CheckError> {
    let mut tx = db.begin().await?;
    let settled = settle(&mut tx, payment, standing, Actor::Provider, at).await?;
    tx.commit().await?;
    Ok(settled)
}

/// Why nothing was written down.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Writes down a standing and everything that follows from it.
pub async fn settle(db: &mut PgConnection, payment: PaymentId, standing: &Standing, actor: Actor, at: Instant) -> sqlx::Result<Settled> {
    let Some(known) = payments::find(&mut *db, payment).await? else { return Ok(Settled::Unchanged) };
    let Some(order) = store::lock(&mut *db, known.order_id).await? else { return Ok(Settled::Unchanged) };
    let Some(payment) = payments::lock(&mut *db, payment).await? else { return Ok(Settled::Unchanged) };
    let recorded = payments::record(&mut *db, &payment, standing, actor, at).await?;
    let amount = json!({ "amount": payment.amount().plain(), "currency": payment.currency, "method": payment.provider });
    match recorded {
        Recorded::Nothing => return Ok(Settled::Unchanged),
        Recorded::Paid => {
            store::append_event(&mut *db, order.id, "paid", actor, amount, at).await?;
            accept(&mut *db, &order, actor, at).await?;
        }
        Recorded::Mismatch => {
            let flag = "Money arrived that is not the amount of this order. Compare with the provider before shipping.";
            store::append_event(&mut *db, order.id, "payment_mismatch", actor, json!({ "standing": format!("{standing:?}") }), at).await?;
            store::set_flag(&mut *db, order.id, Some(flag)).await?;
        }
        Recorded::Pending | Recorded::Authorised => {
            store::append_event(&mut *db, order.id, "payment_pending", actor, amount, at).await?;
        }
        Recorded::Failed | Recorded::Expired => {
            let kind = if recorded == Recorded::Failed { "payment_failed" } else { "payment_expired" };
            store::append_event(&mut *db, order.id, kind, actor, amount, at).await?;
            release(&mut *db, &order, actor, at).await?;
        }
    }
    recompute(&mut *db, &order, at).await?;
    Ok(Settled::Changed)
}

/// The money is there: the order is placed, once; its letter and facts leave.
pub(super) async fn accept(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<()> {
    match order.status {
        OrderStatus::Pending => place(db, order, actor, at).await,
        // It was paid after we had given up: the paid order wins, if the goods are still there.
        OrderStatus::Expired => {
            if stock::hold_again(&mut *db, order, actor, at).await? && cart::complete_again(&mut *db, order.cart_id, at).await? {
                store::append_event(&mut *db, order.id, "revived", actor, json!({}), at).await?;
                place(db, order, actor, at).await
            } else {
                store::set_flag(db, order.id, Some("Paid after it had expired, and the goods are gone or the cart was ordered again. Refund it."))
                    .await
            }
        }
        OrderStatus::Cancelled => store::set_flag(db, order.id, Some("Paid after it was cancelled. Refund it.")).await,
        // It was placed unpaid and waited for this: now it goes on.
        OrderStatus::Placed if order.payment_method == Method::BankTransfer => tasks::letter(db, order.id, tasks::Letter::Paid, None, at).await,
        OrderStatus::Placed | OrderStatus::Closed => Ok(()),
    }
}

/// From now on it is an order: cart closed, letter written, facts told.
pub async fn place(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<()> {
    store::set_statuses(&mut *db, order.id, OrderStatus::Placed, order.payment_status, FulfilmentStatus::None, None).await?;
    store::append_event(&mut *db, order.id, "placed", actor, json!({}), at).await?;
    cart::complete(&mut *db, order.cart_id, at).await?;
    let payload = json!({ "number": order.number, "total_minor": order.total_minor, "currency": order.currency, "is_test": order.is_test });
    outbox::append(&mut *db, outbox::Fact { entity: "order", id: order.id.uuid(), kind: "placed", payload, occurred_at: at, actor }).await?;
    tasks::letter(&mut *db, order.id, tasks::Letter::Placed, None, at).await
}

/// It will not be paid: goods go back, the cart opens again.
async fn release(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<()> {
    if order.status != OrderStatus::Pending {
        return Ok(());
    }
    stock::release(&mut *db, order, actor, at).await?;
    store::set_statuses(&mut *db, order.id, OrderStatus::Expired, order.payment_status, order.fulfilment_status, None).await?;
    cart::reopen(db, order.cart_id, at).await
}

/// The one place where statuses are derived from the ledgers and stored.
pub async fn recompute(db: &mut PgConnection, order: &Order, at: Instant) -> sqlx::Result<()> {
    let Some(now) = store::find(&mut *db, order.id).await? else { return Ok(()) };
    let facts = store::facts(&mut *db, order.id).await?;
    let paid_at = (facts.captured >= facts.total && facts.captured > 0).then_some(at);
    store::set_statuses(db, order.id, facts.order(now.status), facts.payment(), facts.fulfilment(), paid_at).await
}
