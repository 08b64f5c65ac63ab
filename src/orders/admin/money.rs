//! Money of an order: cancelling it whole, giving a part back, noting a transfer that arrived.

use axum::extract::{Path, State};
use serde_json::json;

use super::show::{MayRefund, asked, refused, transfer, why_not_cancelled, why_not_refunded};
use super::typed::Typed;
use super::{audit, order_id, path};
use crate::app::App;
use crate::base::OrderId;
use crate::orders::cancel::{CancelRefused, cancel};
use crate::orders::order::{Order, named};
use crate::orders::refund::{Pieces, RefundRefused, Wanted, refund, refundable};
use crate::orders::settle::{CheckError, end_session};
use crate::orders::status::OrderStatus;
use crate::orders::store;
use crate::orders::transfer::{Received, awaited, receive, waive_rest};
use crate::payments;
use crate::staff::{Orders, Refunds, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult};

/// What became of the payment page of an order that is to be cancelled.
enum Ended {
    /// Nobody could pay, or can any longer; the order as it is now.
    Order(Box<Order>),
    /// The provider gave no clear answer.
    Unclear,
}

/// Closes the page that a shopper may be paying on, so that nothing is paid for what is cancelled.
async fn close_payment_page(app: &App, order: OrderId) -> Result<Ended, AppError> {
    let providers = app.providers();
    let payments = payments::of_order(&app.db, order).await?;
    for payment in payments.iter().filter(|payment| payment.state.is_live() && payment.provider.is_hosted()) {
        match end_session(&app.db, &providers, payment, app.now()).await {
            Ok(_) => {}
            Err(CheckError::Provider(error)) => {
                tracing::warn!(%error, order = %order, "a payment page could not be closed");
                return Ok(Ended::Unclear);
            }
            Err(CheckError::Db(error)) => return Err(error.into()),
        }
    }
    Ok(Ended::Order(Box::new(store::find(&app.db, order).await?.ok_or(AppError::NotFound)?)))
}

pub async fn cancellation(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Orders>,
    money: MayRefund,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, at, may_refund) = (order_id(&id)?, app.now(), money.is_ok());
    let before = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut typed = Typed::new("cancel", fields);
    let reason = typed.short("reason", true);
    if !typed.is_sound() {
        return refused(&app, &frame, id, may_refund, typed).await;
    }
    let ended = close_payment_page(&app, id).await?;
    app.enqueued();
    app.changed().await;
    let Ended::Order(order) = ended else {
        let why = "The payment provider gave no clear answer, so the order stays as it is. Please try again in a moment.";
        return refused(&app, &frame, id, may_refund, typed.because("form", why)).await;
    };
    let mut tx = app.db.begin().await?;
    if order.status == OrderStatus::Expired && before.status == OrderStatus::Pending {
        // Closing the page released goods and cart: there is no order left to cancel.
        store::append_event(&mut *tx, id, "session_ended", staff.actor(), json!({ "reason": reason }), at).await?;
        audit(&mut tx, staff.actor(), "order.cancel", &before, json!({ "reason": reason }), at).await?;
        tx.commit().await?;
        return Ok(frame.see_other_saying(&path(id), "orders-desk-ended"));
    }
    // Under the lock, so that no payment slips in between this look and the cancellation.
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if !may_refund && refundable(&mut tx, &order).await?.is_positive() {
        drop(tx);
        let why = "This order was paid, so cancelling it gives money back. Please ask somebody who may refund.";
        return refused(&app, &frame, id, may_refund, typed.because("form", why)).await;
    }
    match cancel(&mut tx, id, &reason, staff.actor(), at).await {
        Ok(()) => {}
        Err(CancelRefused::Db(error) | CancelRefused::Refund(RefundRefused::Db(error))) => return Err(error.into()),
        Err(refusal) => {
            drop(tx);
            let why = why_not_cancelled(&refusal).unwrap_or_default();
            return refused(&app, &frame, id, may_refund, typed.because("form", why)).await;
        }
    }
    audit(&mut tx, staff.actor(), "order.cancel", &before, json!({ "reason": reason }), at).await?;
    tx.commit().await?;
    app.enqueued();
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "orders-desk-cancelled"))
}

pub async fn refunds(State(app): State<App>, frame: AdminFrame, staff: Staff<Refunds>, Path(id): Path<String>, fields: Fields) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let mut typed = Typed::new("refund", fields);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let known = store::lines(&mut *tx, id).await?;
    let is_current = typed.is_current(payments::list_refunds(&mut *tx, id).await?.len());
    let mut lines = Vec::new();
    for line in &known {
        let sent = typed.pieces(&format!("sent_{}", line.id), line.returnable_qty());
        let unsent = typed.pieces(&format!("unsent_{}", line.id), line.open_qty());
        if sent + unsent > 0 {
            lines.push(Pieces { line: line.id, sent, unsent });
        }
    }
    let extra = typed.amount("extra", order.currency).unwrap_or_else(|| order.money(0));
    let reason = typed.short("reason", true);
    if !is_current {
        typed.add("form", "Another refund was made since this page was opened. Look at it first, then send this one if it is still right.");
    }
    if !typed.is_sound() {
        drop(tx);
        return refused(&app, &frame, id, true, typed).await;
    }
    let wanted = Wanted { lines, extra, restock: typed.has("restock"), reason };
    let made = match refund(&mut tx, id, &wanted, staff.actor(), at).await {
        Ok(made) => made,
        Err(RefundRefused::Db(error)) => return Err(error.into()),
        Err(refusal) => {
            drop(tx);
            let field = if matches!(refusal, RefundRefused::OnlyLeft(_)) && wanted.extra.is_positive() { "extra" } else { "form" };
            let why = why_not_refunded(&refusal).unwrap_or_default();
            return refused(&app, &frame, id, true, typed.because(field, why)).await;
        }
    };
    // Written down only once somebody has seen how much it is.
    let amount =
        payments::list_refunds(&mut *tx, id).await?.into_iter().find(|refund| refund.id == made).map_or(order.money(0), |refund| refund.amount());
    if typed.get("sure") != amount.minor().to_string() {
        drop(tx);
        return asked(&app, &frame, id, true, typed.asking(amount)).await;
    }
    let pieces = named(&known, wanted.lines.iter().map(|pieces| (pieces.line, pieces.sent + pieces.unsent)));
    let what = json!({ "refund": made, "pieces": pieces, "extra": wanted.extra, "restock": wanted.restock, "reason": wanted.reason });
    audit(&mut tx, staff.actor(), "order.refund", &order, what, at).await?;
    tx.commit().await?;
    app.enqueued();
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "orders-desk-refunded"))
}

/// A transfer arrived: booked as the statement shows it, be it all, a part or too much.
pub async fn payment(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Orders>,
    money: MayRefund,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, at, may_refund) = (order_id(&id)?, app.now(), money.is_ok());
    let mut typed = Typed::new("pay", fields);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let amount = typed.amount("amount", order.currency);
    if amount.is_none_or(|amount| !amount.is_positive()) {
        typed.add("amount", "Please enter the amount as your bank shows it.");
    }
    let before = payments::receipts(&mut *tx, id).await?.len();
    let mut reference = typed.short("reference", false);
    if reference.is_empty() {
        reference = if before == 0 { order.number.clone() } else { format!("{}/{}", order.number, before + 1) };
    }
    if !typed.is_current(before) {
        typed.add("form", "Another transfer was booked since this page was opened. Look at it first, then book this one if it is still right.");
    }
    let payments = payments::of_order(&mut *tx, id).await?;
    let due = transfer(&payments);
    if due.is_none() {
        typed.add("form", "This order is not paid by transfer.");
    }
    let (Some(amount), Some(due), true) = (amount, due, typed.is_sound()) else {
        drop(tx);
        return refused(&app, &frame, id, may_refund, typed).await;
    };
    // What is booked stays in the ledger, so a slip of the pen is asked about first.
    let is_expected = amount == awaited(&order, &store::facts(&mut *tx, id).await?);
    if !is_expected && typed.get("sure") != amount.minor().to_string() {
        drop(tx);
        return asked(&app, &frame, id, may_refund, typed.asking(amount)).await;
    }
    let Some(received) = receive(&mut tx, due.id, amount, &reference, staff.actor(), at).await? else {
        drop(tx);
        let why =
            "A transfer with this reference was booked before. If this is another one, add something of its own to the reference: its date, say.";
        return refused(&app, &frame, id, may_refund, typed.because("reference", why)).await;
    };
    audit(&mut tx, staff.actor(), "order.payment", &order, json!({ "amount": amount, "reference": reference }), at).await?;
    tx.commit().await?;
    app.enqueued();
    app.changed().await;
    let said = match received {
        _ if order.status == OrderStatus::Cancelled => "orders-desk-paid-cancelled",
        Received::All => "orders-desk-paid",
        Received::Part(_) => "orders-desk-part-paid",
        Received::More(_) => "orders-desk-overpaid",
    };
    Ok(frame.see_other_saying(&path(id), said))
}

/// The rest of a part-paid order is let go, so that it can leave the house.
pub async fn waive(State(app): State<App>, frame: AdminFrame, staff: Staff<Refunds>, Path(id): Path<String>, fields: Fields) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let mut typed = Typed::new("rest", fields);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let reason = typed.short("reason", true);
    let is_current = typed.is_current(payments::receipts(&mut *tx, id).await?.len());
    let waived = if typed.is_sound() && is_current { waive_rest(&mut tx, id, &reason, staff.actor(), at).await? } else { None };
    let Some(rest) = waived else {
        drop(tx);
        if typed.is_sound() {
            typed.add("form", "What is missing has changed since this page was opened. Please look again.");
        }
        return refused(&app, &frame, id, true, typed).await;
    };
    audit(&mut tx, staff.actor(), "order.waive_rest", &order, json!({ "amount": rest, "reason": reason }), at).await?;
    tx.commit().await?;
    app.enqueued();
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "orders-desk-waived"))
}
