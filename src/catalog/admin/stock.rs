//! How many of a variant are there: counted or corrected with a reason, and the ledger of what moved.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::base::{ProductId, VariantId};
use crate::catalog::store::admin as store;
use crate::catalog::store::admin::Variant;
use crate::inventory;
use crate::inventory::{Level, Move, Note};
use crate::staff;
use crate::staff::{Permission, Staff, Stock};
use crate::web::frame::{AdminFrame, Undo};
use crate::web::limits;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems, filters};

/// Moves that the page shows.
const MOVES: i64 = 100;
/// Pieces that one form may say.
const MOST: i32 = 1_000_000;

#[derive(Template)]
#[template(path = "catalog/admin/stock.html")]
struct StockPage<'a> {
    product: ProductId,
    title: String,
    variant: &'a Variant,
    level: Option<Level>,
    moves: Vec<Move>,
    form: &'a Fields,
    problems: &'a Problems,
    may_see_product: bool,
}

async fn page(
    app: &App,
    frame: &AdminFrame,
    staff: &Staff<Stock>,
    status: StatusCode,
    id: VariantId,
    form: &Fields,
    problems: &Problems,
) -> PageResult {
    let variant = store::variant(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let title = store::find(&app.db, variant.product_id, frame.site.language).await?.map(|product| product.title).unwrap_or_default();
    let view = StockPage {
        product: variant.product_id,
        title,
        level: inventory::levels(&app.db, &[id]).await?.into_iter().next(),
        moves: inventory::history(&app.db, id, MOVES).await?,
        variant: &variant,
        form,
        problems,
        may_see_product: staff.role.may(Permission::Catalog),
    };
    frame.page_with(status, "Stock", view)
}

pub async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Stock>, Path(id): Path<VariantId>) -> PageResult {
    page(&app, &frame, &staff, StatusCode::OK, id, &Fields::default(), &Problems::default()).await
}

pub async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Stock>, Path(id): Path<VariantId>, fields: Fields) -> PageResult {
    let at = app.now();
    let variant = store::variant(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let counted = typed::signed(&fields, "counted", &mut problems);
    let delta = typed::signed(&fields, "delta", &mut problems);
    let reason = typed::required(&fields, "reason", "a reason", &mut problems);
    match (counted, delta) {
        (None, None) => problems.add("counted", "Enter how many were counted, or how many came or went."),
        (Some(_), Some(_)) => problems.add("delta", "Enter either a count or a change, not both."),
        (Some(counted), None) if !(0..=MOST).contains(&counted) => problems.add("counted", format!("Enter a number from 0 to {MOST}.")),
        (None, Some(delta)) if delta == 0 || !(-MOST..=MOST).contains(&delta) => problems.add("delta", "Enter how many came, or went with a minus."),
        _ => {}
    }
    if !problems.is_empty() {
        return page(&app, &frame, &staff, StatusCode::UNPROCESSABLE_ENTITY, id, &fields, &problems).await;
    }
    let note = Note { reason: &reason, actor: staff.actor(), at, low_stock: app.rules().shop.low_stock };
    let mut tx = app.db.begin().await?;
    let location = inventory::default_location(&mut *tx).await?;
    let before = inventory::levels(&mut *tx, &[id]).await?.first().map(|level| level.on_hand);
    match (counted, delta) {
        (Some(counted), _) => inventory::set_on_hand(&mut tx, id, location, counted, &note).await?,
        (_, Some(delta)) => inventory::adjust(&mut tx, id, location, delta, &note).await?,
        _ => Vec::new(),
    };
    let after = inventory::levels(&mut *tx, &[id]).await?.first().map(|level| level.on_hand);
    if after.is_some_and(|after| after < 0) && after < before {
        tx.rollback().await?;
        problems.add("delta", format!("Only {} are in the house.", before.unwrap_or_default()));
        return page(&app, &frame, &staff, StatusCode::UNPROCESSABLE_ENTITY, id, &fields, &problems).await;
    }
    let (was, is) = (json!({ "on_hand": before }), json!({ "on_hand": after, "reason": reason, "product": variant.product_id }));
    staff::audit(&mut *tx, staff.actor(), "change stock", "variant", &id.to_string(), Some(was), Some(is), at).await?;
    tx.commit().await?;
    app.changed().await;
    let path = format!("/admin/variants/{id}/stock");
    let moved = after.unwrap_or_default().saturating_sub(before.unwrap_or_default());
    if moved == 0 {
        return Ok(frame.see_other_saying(&path, "catalog-desk-stock"));
    }
    // The ledger is only added to: what moved moves back.
    let undo = Undo::new(&path)
        .with("delta", moved.saturating_neg().to_string())
        .with("reason", format!("Undone: {reason}").chars().take(limits::LINE).collect::<String>());
    Ok(frame.see_other_undoable(&path, "catalog-desk-stock", &undo))
}
