//! SQL of the parcels.

use sqlx::PgExecutor;

use super::carriers::carrier;
use crate::base::{FulfilmentId, Instant, OrderId, OrderLineId};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Fulfilment {
    pub id: FulfilmentId,
    pub order_id: OrderId,
    /// 1, 2 … within the order.
    pub number: i32,
    pub carrier: String,
    pub tracking_number: String,
    pub shipped_at: Instant,
    pub delivered_at: Option<Instant>,
}

impl Fulfilment {
    pub fn carrier_name(&self) -> String {
        carrier(&self.carrier).map_or_else(|| self.carrier.clone(), |carrier| carrier.name.clone())
    }

    pub fn tracking_url(&self) -> Option<String> {
        (!self.tracking_number.is_empty()).then(|| carrier(&self.carrier).map(|carrier| carrier.track(&self.tracking_number))).flatten()
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FulfilmentLine {
    pub fulfilment_id: FulfilmentId,
    pub order_line_id: OrderLineId,
    pub qty: i32,
}

pub async fn list(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Fulfilment>> {
    sqlx::query_as(
        "SELECT id, order_id, number, carrier, tracking_number, shipped_at, delivered_at FROM fulfilments WHERE order_id = $1 ORDER BY number",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

pub async fn find(db: impl PgExecutor<'_>, id: FulfilmentId) -> sqlx::Result<Option<Fulfilment>> {
    sqlx::query_as("SELECT id, order_id, number, carrier, tracking_number, shipped_at, delivered_at FROM fulfilments WHERE id = $1")
        .bind(id)
        .fetch_optional(db)
        .await
}

pub async fn lines(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<FulfilmentLine>> {
    sqlx::query_as(
        "SELECT l.fulfilment_id, l.order_line_id, l.qty FROM fulfilment_lines l JOIN fulfilments f ON f.id = l.fulfilment_id WHERE f.order_id = $1",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

/// The order is locked, so the next number is free.
pub(super) async fn insert(
    db: &mut sqlx::PgConnection,
    order: OrderId,
    carrier: &str,
    tracking_number: &str,
    lines: &[(OrderLineId, i32)],
    at: Instant,
) -> sqlx::Result<FulfilmentId> {
    let id: FulfilmentId = sqlx::query_scalar(
        "INSERT INTO fulfilments (id, order_id, number, carrier, tracking_number, shipped_at)
         SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM fulfilments WHERE order_id = $2
      RETURNING id",
    )
    .bind(FulfilmentId::fresh(at))
    .bind(order)
    .bind(carrier)
    .bind(tracking_number)
    .bind(at)
    .fetch_one(&mut *db)
    .await?;
    let (ids, qtys): (Vec<OrderLineId>, Vec<i32>) = lines.iter().copied().unzip();
    sqlx::query("INSERT INTO fulfilment_lines (fulfilment_id, order_line_id, qty) SELECT $1, * FROM unnest($2::uuid[], $3::int[])")
        .bind(id)
        .bind(ids)
        .bind(qtys)
        .execute(db)
        .await?;
    Ok(id)
}

/// Notes the arrival; false where it was noted before.
pub(super) async fn set_delivered(db: impl PgExecutor<'_>, id: FulfilmentId, at: Instant) -> sqlx::Result<bool> {
    Ok(sqlx::query("UPDATE fulfilments SET delivered_at = $2 WHERE id = $1 AND delivered_at IS NULL")
        .bind(id)
        .bind(at)
        .execute(db)
        .await?
        .rows_affected()
        == 1)
}
