//! Parcels at the merchant's desk: the slip that goes into the box, and the note that it has arrived.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;
use sqlx::PgConnection;

use super::store;
use super::{Fulfilment, deliver};
use crate::app::App;
use crate::base::{FulfilmentId, OrderId};
use crate::orders;
use crate::orders::{Line, Order};
use crate::staff;
use crate::staff::{Orders, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, filters};

pub fn admin_routes() -> Router<App> {
    Router::new()
        .route("/admin/orders/{id}/packing-slip", get(packing_slip))
        .route("/admin/orders/packing-slips", get(packing_slips))
        .route("/admin/parcels/{id}/delivery", post(delivery))
}

/// Slips that are printed at once; a page of the list of orders has fewer.
const MOST: usize = 100;

/// What is in one box.
struct Slip {
    order: Order,
    lines: Vec<(i32, Line)>,
    parcel: Option<Fulfilment>,
}

/// No prices: a parcel may be a present.
#[derive(Template)]
#[template(path = "fulfillment/admin/packing_slip.html")]
struct PackingSlips {
    slips: Vec<Slip>,
    shop: String,
    imprint: Vec<String>,
}

/// The slip of one parcel (`?parcel=`), of what is still to be packed, or of everything once nothing is.
async fn packing_slip(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, Path(id): Path<String>, RawQuery(query): RawQuery) -> PageResult {
    let id: OrderId = id.parse().map_err(|_| AppError::NotFound)?;
    let fields = Fields(form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect());
    let mut db = app.db.acquire().await?;
    let parcel = match fields.get("parcel") {
        "" => None,
        wanted => {
            let wanted: FulfilmentId = wanted.parse().map_err(|_| AppError::NotFound)?;
            Some(store::find(&mut *db, wanted).await?.filter(|parcel| parcel.order_id == id).ok_or(AppError::NotFound)?)
        }
    };
    let slip = slip(&mut db, id, parcel).await?.ok_or(AppError::NotFound)?;
    page(&app, &frame, &format!("Packing slip {}", slip.order.number), vec![slip])
}

/// The slips of the orders that were marked in the list, one after the other.
async fn packing_slips(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, RawQuery(query): RawQuery) -> PageResult {
    let fields = Fields(form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect());
    let mut db = app.db.acquire().await?;
    let mut slips = Vec::new();
    let mut are_marked = false;
    for id in fields.all("order").filter_map(|id| id.parse().ok()).take(MOST) {
        let found = slip(&mut db, id, None).await?;
        are_marked |= found.is_some();
        slips.extend(found.filter(|slip| !slip.order.status.is_called_off()));
    }
    if slips.is_empty() {
        let said = if are_marked { "orders-desk-none-to-pack" } else { "orders-desk-none-marked" };
        return Ok(frame.see_other_saying("/admin/orders", said));
    }
    page(&app, &frame, "Packing slips", slips)
}

fn page(app: &App, frame: &AdminFrame, title: &str, slips: Vec<Slip>) -> PageResult {
    let rules = app.rules();
    let imprint = rules.shop.legal_address.lines().map(str::to_owned).collect();
    frame.page(title, PackingSlips { slips, shop: rules.shop.name.clone(), imprint })
}

async fn slip(db: &mut PgConnection, id: OrderId, parcel: Option<Fulfilment>) -> sqlx::Result<Option<Slip>> {
    let Some(order) = orders::find(&mut *db, id).await? else { return Ok(None) };
    let all = orders::lines(&mut *db, id).await?;
    let lines = match &parcel {
        Some(parcel) => {
            let inside = store::lines(&mut *db, id).await?;
            let qty =
                |line: &Line| inside.iter().filter(|row| row.fulfilment_id == parcel.id && row.order_line_id == line.id).map(|row| row.qty).sum();
            pick(&all, qty)
        }
        None => match pick(&all, |line| if line.requires_shipping { line.open_qty() } else { 0 }) {
            // What was cancelled or given back before it left is in no box.
            open if open.is_empty() => pick(&all, |line| line.qty - line.cancelled_qty),
            open => open,
        },
    };
    Ok(Some(Slip { order, lines, parcel }))
}

/// The lines of which something is in the box.
fn pick(lines: &[Line], qty: impl Fn(&Line) -> i32) -> Vec<(i32, Line)> {
    lines.iter().map(|line| (qty(line), line.clone())).filter(|(qty, _)| *qty > 0).collect()
}

async fn delivery(State(app): State<App>, frame: AdminFrame, staff: Staff<Orders>, Path(id): Path<String>) -> Result<Response, AppError> {
    let (id, at): (FulfilmentId, _) = (id.parse().map_err(|_| AppError::NotFound)?, app.now());
    let mut tx = app.db.begin().await?;
    let parcel = store::find(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    let is_new = deliver(&mut tx, id, staff.actor(), at).await?;
    if is_new {
        let (before, after) = (json!({ "delivered_at": null }), json!({ "delivered_at": at, "order": parcel.order_id }));
        staff::audit(&mut *tx, staff.actor(), "parcel.deliver", "parcel", &id.to_string(), Some(before), Some(after), at).await?;
    }
    tx.commit().await?;
    app.enqueued();
    let said = if is_new { "orders-desk-delivered" } else { "orders-desk-delivered-before" };
    Ok(frame.see_other_saying(&format!("/admin/orders/{}", parcel.order_id), said))
}
