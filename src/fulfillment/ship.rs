//! Shipping: pieces of a paid order leave, once each; stock, statuses, timeline and letter move with them.

use serde_json::json;
use sqlx::PgConnection;

use super::store;
use crate::base::{Actor, FulfilmentId, Instant, OrderId, OrderLineId};
use crate::inventory;
use crate::inventory::Item;
use crate::orders;
use crate::orders::{Letter, OrderStatus, PaymentStatus};
use crate::platform::outbox;

/// What goes into one parcel.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub lines: Vec<(OrderLineId, i32)>,
    pub carrier: String,
    pub tracking_number: String,
}

/// Why nothing was shipped.
#[derive(Debug, thiserror::Error)]
pub enum ShipRefused {
    #[error("an empty parcel")]
    Empty,
    #[error("not paid")]
    NotPaid,
    #[error("not an open order")]
    NotOpen,
    /// Money of another amount arrived, or something else that staff must clear first.
    #[error("flagged")]
    Flagged,
    #[error("more pieces than are open")]
    TooMany,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Ships a parcel.
pub async fn ship(db: &mut PgConnection, order: OrderId, parcel: &Parcel, actor: Actor, at: Instant) -> Result<FulfilmentId, ShipRefused> {
    let order = orders::lock(&mut *db, order).await?.ok_or(sqlx::Error::RowNotFound)?;
    if order.status != OrderStatus::Placed {
        return Err(ShipRefused::NotOpen);
    }
    if order.flag.is_some() {
        return Err(ShipRefused::Flagged);
    }
    if !matches!(order.payment_status, PaymentStatus::Paid | PaymentStatus::Overpaid | PaymentStatus::PartRefunded) {
        return Err(ShipRefused::NotPaid);
    }
    let parcel_lines: Vec<(OrderLineId, i32)> = parcel.lines.iter().copied().filter(|(_, qty)| *qty > 0).collect();
    if parcel_lines.is_empty() {
        return Err(ShipRefused::Empty);
    }
    for (line, qty) in &parcel_lines {
        if !orders::add_shipped(&mut *db, order.id, *line, *qty).await? {
            return Err(ShipRefused::TooMany);
        }
    }
    let fulfilment = store::insert(&mut *db, order.id, &parcel.carrier, &parcel.tracking_number, &parcel_lines, at).await?;
    let lines = orders::lines(&mut *db, order.id).await?;
    let leaving: Vec<Item> = parcel_lines
        .iter()
        .filter_map(|(id, qty)| Some(Item { variant: lines.iter().find(|line| line.id == *id)?.variant_id?, line: *id, qty: *qty }))
        .collect();
    let note = orders::stock_note(&mut *db, "", actor, at).await?;
    inventory::ship(&mut *db, fulfilment.uuid(), &leaving, &note).await?;
    let data =
        json!({ "carrier": parcel.carrier, "tracking": parcel.tracking_number, "pieces": parcel_lines.iter().map(|(_, qty)| qty).sum::<i32>() });
    orders::append_event(&mut *db, order.id, "shipped", actor, data.clone(), at).await?;
    outbox::append(&mut *db, outbox::Fact { entity: "order", id: order.id.uuid(), kind: "shipped", payload: data, occurred_at: at, actor }).await?;
    orders::letter(&mut *db, order.id, Letter::Shipped, Some(fulfilment.uuid()), at).await?;
    orders::recompute(&mut *db, &order, at).await?;
    Ok(fulfilment)
}

/// A parcel has arrived; with the last one the order is delivered. False where it was noted before.
pub async fn deliver(db: &mut PgConnection, fulfilment: FulfilmentId, actor: Actor, at: Instant) -> sqlx::Result<bool> {
    let parcel = store::find(&mut *db, fulfilment).await?.ok_or(sqlx::Error::RowNotFound)?;
    let order = orders::lock(&mut *db, parcel.order_id).await?.ok_or(sqlx::Error::RowNotFound)?;
    if !store::set_delivered(&mut *db, fulfilment, at).await? {
        return Ok(false);
    }
    orders::append_event(&mut *db, order.id, "delivered", actor, json!({ "parcel": parcel.number }), at).await?;
    orders::letter(&mut *db, order.id, Letter::Delivered, Some(fulfilment.uuid()), at).await?;
    orders::recompute(db, &order, at).await?;
    Ok(true)
}
