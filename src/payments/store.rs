//! SQL of payments, refunds and stored messages.

use sqlx::{PgConnection, PgExecutor};

use super::payment::{Payment, Refund, State};
use crate::base::{Actor, Currency, Instant, Money, OrderId, PaymentId, RefundId, WebhookId};

/// A new attempt; the unique index refuses a second live one of the same order.
pub async fn insert(db: impl PgExecutor<'_>, payment: &Payment) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO payments (id, order_id, provider, attempt, amount_minor, currency, state, is_test, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
    )
    .bind(payment.id)
    .bind(payment.order_id)
    .bind(payment.provider)
    .bind(payment.attempt)
    .bind(payment.amount_minor)
    .bind(payment.currency)
    .bind(payment.state)
    .bind(payment.is_test)
    .bind(payment.created_at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find(db: impl PgExecutor<'_>, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    sqlx::query_as("SELECT * FROM payments WHERE id = $1").bind(id).fetch_optional(db).await
}

pub async fn find_by_session(db: impl PgExecutor<'_>, provider: &str, reference: &str) -> sqlx::Result<Option<Payment>> {
    sqlx::query_as("SELECT * FROM payments WHERE provider = $1 AND session_reference = $2").bind(provider).bind(reference).fetch_optional(db).await
}

/// Locks a payment; its order must be locked before.
pub async fn lock(db: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    sqlx::query_as("SELECT * FROM payments WHERE id = $1 FOR UPDATE").bind(id).fetch_optional(db).await
}

pub async fn of_order(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Payment>> {
    sqlx::query_as("SELECT * FROM payments WHERE order_id = $1 ORDER BY attempt").bind(order).fetch_all(db).await
}

/// The newest attempt of an order.
pub async fn latest(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Option<Payment>> {
    sqlx::query_as("SELECT * FROM payments WHERE order_id = $1 ORDER BY attempt DESC LIMIT 1").bind(order).fetch_optional(db).await
}

/// The attempt that brought money.
pub async fn with_money(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Option<Payment>> {
    sqlx::query_as(
        "SELECT *
           FROM payments p
          WHERE order_id = $1 AND EXISTS (SELECT 1 FROM payment_events e WHERE e.payment_id = p.id AND e.kind = 'captured')
          ORDER BY attempt DESC
          LIMIT 1",
    )
    .bind(order)
    .fetch_optional(db)
    .await
}

/// Money that arrived for an order, one entry a time it came.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Receipt {
    pub at: Instant,
    pub amount_minor: i64,
    pub currency: Currency,
    pub reference: String,
    pub actor: String,
}

impl Receipt {
    pub const fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

pub async fn receipts(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Receipt>> {
    sqlx::query_as(
        "SELECT occurred_at AS at, amount_minor, currency, reference, actor FROM payment_events WHERE order_id = $1 AND kind = 'captured' ORDER BY id",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

/// Hosted attempts that nobody has heard of for a while.
pub async fn open_for_sweep(db: impl PgExecutor<'_>, quiet_since: Instant) -> sqlx::Result<Vec<Payment>> {
    sqlx::query_as(
        "SELECT *
           FROM payments
          WHERE state IN ('created', 'open', 'pending', 'authorised') AND provider <> 'bank_transfer' AND updated_at < $1
          ORDER BY updated_at
          LIMIT 100",
    )
    .bind(quiet_since)
    .fetch_all(db)
    .await
}

/// The provider made a session for it.
pub async fn set_open(
    db: impl PgExecutor<'_>,
    id: PaymentId,
    reference: &str,
    redirect_url: &str,
    expires_at: Instant,
    at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE payments
            SET state = CASE WHEN state = 'created' THEN 'open' ELSE state END,
                session_reference = $2, redirect_url = $3, expires_at = $4, updated_at = $5
          WHERE id = $1",
    )
    .bind(id)
    .bind(reference)
    .bind(redirect_url)
    .bind(expires_at)
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// Moves an attempt (the caller has checked [`State::may_become`] under the lock) or just notes that it was asked about.
pub async fn set_state(
    db: impl PgExecutor<'_>,
    id: PaymentId,
    state: State,
    payment_reference: Option<&str>,
    flag: Option<&str>,
    at: Instant,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE payments
            SET state = $2, payment_reference = coalesce($3, payment_reference), flag = coalesce($4, flag), updated_at = $5
          WHERE id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(payment_reference)
    .bind(flag)
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// Appends to the money ledger; false where this very event is in it already.
pub(super) async fn append_event(
    db: impl PgExecutor<'_>,
    payment: &Payment,
    kind: &str,
    amount: Money,
    reference: &str,
    actor: Actor,
    at: Instant,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO payment_events (payment_id, order_id, kind, amount_minor, currency, reference, actor, occurred_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT payment_events_payment_id_kind_reference_key DO NOTHING",
    )
    .bind(payment.id)
    .bind(payment.order_id)
    .bind(kind)
    .bind(amount.minor())
    .bind(amount.currency())
    .bind(reference)
    .bind(actor.to_string())
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What the ledger says of an order, in minor units: (captured, refunded, refunds on their way).
pub async fn balance(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<(i64, i64, i64)> {
    sqlx::query_as(
        "SELECT coalesce(sum(amount_minor) FILTER (WHERE kind = 'captured'), 0)::bigint,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'refunded'), 0)::bigint,
                (SELECT coalesce(sum(amount_minor), 0)::bigint FROM refunds WHERE order_id = $1 AND state IN ('requested', 'pending'))
           FROM payment_events
          WHERE order_id = $1",
    )
    .bind(order)
    .fetch_one(db)
    .await
}

pub async fn insert_refund(db: impl PgExecutor<'_>, refund: &Refund, lines: &serde_json::Value) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO refunds (id, order_id, payment_id, amount_minor, currency, state, reason, lines, actor, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
    )
    .bind(refund.id)
    .bind(refund.order_id)
    .bind(refund.payment_id)
    .bind(refund.amount_minor)
    .bind(refund.currency)
    .bind(&refund.state)
    .bind(&refund.reason)
    .bind(lines)
    .bind(&refund.actor)
    .bind(refund.created_at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn refund(db: impl PgExecutor<'_>, id: RefundId) -> sqlx::Result<Option<Refund>> {
    sqlx::query_as(
        "SELECT id, order_id, payment_id, amount_minor, currency, state, reference, reason, actor, error, created_at FROM refunds WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// The pieces that a refund is for, as its order wrote them down.
pub async fn refund_lines(db: impl PgExecutor<'_>, id: RefundId) -> sqlx::Result<serde_json::Value> {
    sqlx::query_scalar("SELECT lines FROM refunds WHERE id = $1").bind(id).fetch_one(db).await
}

pub async fn list_refunds(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Refund>> {
    sqlx::query_as(
        "SELECT id, order_id, payment_id, amount_minor, currency, state, reference, reason, actor, error, created_at
           FROM refunds WHERE order_id = $1 ORDER BY created_at, id",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

/// Refunds whose end is not known, to be asked about.
pub async fn unfinished_refunds(db: impl PgExecutor<'_>, payment: PaymentId) -> sqlx::Result<Vec<Refund>> {
    sqlx::query_as(
        "SELECT id, order_id, payment_id, amount_minor, currency, state, reference, reason, actor, error, created_at
           FROM refunds WHERE payment_id = $1 AND state IN ('requested', 'pending') ORDER BY created_at, id",
    )
    .bind(payment)
    .fetch_all(db)
    .await
}

/// Moves a refund on; false where it had ended before.
pub(super) async fn set_refund(
    db: impl PgExecutor<'_>,
    id: RefundId,
    state: &str,
    reference: Option<&str>,
    error: Option<&str>,
    at: Instant,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE refunds SET state = $2, reference = coalesce($3, reference), error = $4, updated_at = $5
          WHERE id = $1 AND state IN ('requested', 'pending')",
    )
    .bind(id)
    .bind(state)
    .bind(reference)
    .bind(error)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores a message raw; `None` where it came before.
pub async fn webhook_store(db: impl PgExecutor<'_>, provider: &str, event_id: &str, body: &[u8], at: Instant) -> sqlx::Result<Option<WebhookId>> {
    sqlx::query_scalar(
        "INSERT INTO webhooks (id, provider, event_id, body, received_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT webhooks_provider_event_id_key DO NOTHING
      RETURNING id",
    )
    .bind(WebhookId::fresh(at))
    .bind(provider)
    .bind(event_id)
    .bind(body)
    .bind(at)
    .fetch_optional(db)
    .await
}

/// The body of a stored message that is still to be worked on.
pub async fn webhook(db: impl PgExecutor<'_>, id: WebhookId) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar("SELECT body FROM webhooks WHERE id = $1 AND processed_at IS NULL").bind(id).fetch_optional(db).await
}

pub async fn webhook_done(db: impl PgExecutor<'_>, id: WebhookId, outcome: &str, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE webhooks SET processed_at = $2, outcome = $3 WHERE id = $1").bind(id).bind(at).bind(outcome).execute(db).await.map(drop)
}
