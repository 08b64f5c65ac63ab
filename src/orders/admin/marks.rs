//! Words on an order: clearing a flag, writing a note, sending the confirmation once more.

use axum::extract::{Path, State};
use serde_json::json;

use super::show::{MayRefund, refused};
use super::typed::Typed;
use super::{audit, order_id, path};
use crate::app::App;
use crate::base::ids;
use crate::orders::status::OrderStatus;
use crate::orders::store;
use crate::orders::tasks::{Letter, letter};
use crate::staff::{Orders, Refunds, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult};

/// A flag holds back parcels because money is in doubt; so who may move money decides that it is settled.
pub async fn clear_flag(State(app): State<App>, frame: AdminFrame, staff: Staff<Refunds>, Path(id): Path<String>, fields: Fields) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let mut typed = Typed::new("flag", fields);
    let reason = typed.short("reason", true);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if order.flag.is_none() {
        typed.add("form", "This order has no flag. Somebody cleared it before.");
    } else if typed.get("seen") != order.flag.as_deref().unwrap_or_default() && !typed.get("seen").is_empty() {
        typed.add("form", "The flag says something else now. Please read it first.");
    }
    if !typed.is_sound() {
        drop(tx);
        return refused(&app, &frame, id, true, typed).await;
    }
    store::set_flag(&mut *tx, id, None).await?;
    store::append_event(&mut *tx, id, "flag_cleared", staff.actor(), json!({ "flag": order.flag, "reason": reason }), at).await?;
    audit(&mut tx, staff.actor(), "order.flag_clear", &order, json!({ "reason": reason }), at).await?;
    tx.commit().await?;
    Ok(frame.see_other_saying(&path(id), "orders-desk-flag-cleared"))
}

pub async fn note(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Orders>,
    money: MayRefund,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let mut typed = Typed::new("note", fields);
    let text = typed.long("text");
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if !typed.is_sound() {
        drop(tx);
        return refused(&app, &frame, id, money.is_ok(), typed).await;
    }
    store::append_event(&mut *tx, id, "note", staff.actor(), json!({ "text": text }), at).await?;
    audit(&mut tx, staff.actor(), "order.note", &order, json!({ "text": text }), at).await?;
    tx.commit().await?;
    Ok(frame.see_other_saying(&path(id), "orders-desk-noted"))
}

pub async fn letters(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Orders>,
    money: MayRefund,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let typed = Typed::new("letter", fields);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if !matches!(order.status, OrderStatus::Placed | OrderStatus::Closed) {
        drop(tx);
        let why = "Only an order that stands can be confirmed.";
        return refused(&app, &frame, id, money.is_ok(), typed.because("form", why)).await;
    }
    // A fresh id makes it a letter of its own; without one it would be the first again, which was sent.
    letter(&mut *tx, id, Letter::Placed, Some(ids::v7(at)), at).await?;
    store::append_event(&mut *tx, id, "letter_requested", staff.actor(), json!({}), at).await?;
    audit(&mut tx, staff.actor(), "order.letter", &order, json!({ "letter": "placed" }), at).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying(&path(id), "orders-desk-letter"))
}
