//! Goods of an order: what leaves in which parcel.

use axum::extract::{Path, State};
use serde_json::json;

use super::show::{MayRefund, refused};
use super::typed::Typed;
use super::{audit, order_id, path};
use crate::app::App;
use crate::fulfillment;
use crate::fulfillment::{Parcel, ShipRefused};
use crate::orders::order::named;
use crate::orders::store;
use crate::staff::{Orders, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult};

/// Longest tracking number, in characters.
const TRACKING: usize = 40;

pub async fn parcels(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Orders>,
    money: MayRefund,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let (id, at) = (order_id(&id)?, app.now());
    let mut typed = Typed::new("ship", fields);
    let mut tx = app.db.begin().await?;
    let order = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let is_current = typed.is_current(fulfillment::list(&mut *tx, id).await?.len());
    let mut lines = Vec::new();
    let known = store::lines(&mut *tx, id).await?;
    for line in known.iter().filter(|line| line.requires_shipping) {
        let qty = typed.pieces(&format!("ship_{}", line.id), line.open_qty());
        if qty > 0 {
            lines.push((line.id, qty));
        }
    }
    let carrier = typed.get("carrier").to_owned();
    if fulfillment::carrier(&carrier).is_none() {
        typed.add("carrier", "Please choose a carrier.");
    }
    let tracking_number = typed.get("tracking").to_owned();
    if !is_tracking_number(&tracking_number) {
        typed.add("tracking", format!("Please use letters, digits, spaces and hyphens only, at most {TRACKING}."));
    }
    if !is_current {
        typed.add("form", "Another parcel left since this page was opened. Look at it first, then send this one if it is still right.");
    }
    if !typed.is_sound() {
        drop(tx);
        return refused(&app, &frame, id, money.is_ok(), typed).await;
    }
    let parcel = Parcel { lines, carrier, tracking_number };
    let made = match fulfillment::ship(&mut tx, id, &parcel, staff.actor(), at).await {
        Ok(made) => made,
        Err(ShipRefused::Db(error)) => return Err(error.into()),
        Err(refusal) => {
            drop(tx);
            return refused(&app, &frame, id, money.is_ok(), typed.because("form", why(&refusal))).await;
        }
    };
    let pieces = named(&known, parcel.lines.iter().copied());
    let what = json!({ "parcel": made, "pieces": pieces, "carrier": parcel.carrier, "tracking": parcel.tracking_number });
    audit(&mut tx, staff.actor(), "order.ship", &order, what, at).await?;
    tx.commit().await?;
    app.enqueued();
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "orders-desk-shipped"))
}

/// Empty, or what carriers print: letters, digits, spaces, hyphens.
fn is_tracking_number(text: &str) -> bool {
    text.len() <= TRACKING && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-')
}

fn why(refusal: &ShipRefused) -> &'static str {
    match refusal {
        ShipRefused::Empty => "Please choose at least one piece for the parcel.",
        ShipRefused::NotPaid => "This order is not paid yet. It can be shipped once the money is there.",
        ShipRefused::NotOpen => "This order is not open, so nothing can be shipped.",
        ShipRefused::Flagged => "This order is flagged. Read the flag, settle it, clear it, then ship.",
        ShipRefused::TooMany => "That is more than is left to ship.",
        ShipRefused::Db(_) => "The database did not answer.",
    }
}

#[cfg(test)]
mod tests {
    use super::is_tracking_number;

    #[test]
    fn tracking_numbers_are_plain() {
        assert!(is_tracking_number("") && is_tracking_number("00 34-0434 AB"));
        assert!(!is_tracking_number("1/2") && !is_tracking_number("é") && !is_tracking_number(&"1".repeat(41)));
    }
}
