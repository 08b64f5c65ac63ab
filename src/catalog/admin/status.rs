//! On sale, being prepared, put away: the status of one product or of all that were marked in the list, and the way back.

use axum::extract::{Path, State};
use serde_json::json;

use super::product::path;
use super::{noted, refused};
use crate::app::App;
use crate::base::{Instant, ProductId};
use crate::catalog::edit;
use crate::catalog::edit::Status;
use crate::catalog::store::admin as store;
use crate::staff::{Catalog, Staff};
use crate::web::frame::{AdminFrame, Undo};
use crate::web::{AppError, Fields, PageResult, Problems};

/// The door that takes a change of status back, and makes it.
const DOOR: &str = "/admin/products/status";
/// Products that one form may change.
const MOST: usize = 200;

/// Products that are to have a status.
type Wish = (Status, Vec<ProductId>);

/// Marked products (`product`, `do`), or lists of them by the status that they are to have (`active=id.id`).
pub async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, fields: Fields) -> PageResult {
    let wishes = read(&fields);
    let to = back(&fields);
    let count: usize = wishes.iter().map(|(_, products)| products.len()).sum();
    if count == 0 || count > MOST {
        return Ok(frame.see_other_saying(&to, "catalog-desk-none-marked"));
    }
    let was = set(&app, &staff, &wishes, app.now()).await?;
    let undo = ["q", "shown", "one"].into_iter().fold(undo(&was), |undo, name| undo.with(name, fields.get(name)));
    Ok(frame.see_other_undoable(&to, "catalog-desk-status", &undo))
}

pub async fn archive(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>) -> PageResult {
    set_one(&app, &frame, &staff, id, Status::Archived, "catalog-desk-archived").await
}

pub async fn unarchive(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>) -> PageResult {
    set_one(&app, &frame, &staff, id, Status::Draft, "catalog-desk-unarchived").await
}

async fn set_one(app: &App, frame: &AdminFrame, staff: &Staff<Catalog>, id: ProductId, status: Status, flash: &str) -> PageResult {
    store::find(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    let was = set(app, staff, &[(status, vec![id])], app.now()).await?;
    Ok(frame.see_other_undoable(&path(id), flash, &undo(&was).with("one", id.to_string())))
}

/// Gives the products their status; returns what those had that had another one.
async fn set(app: &App, staff: &Staff<Catalog>, wishes: &[Wish], at: Instant) -> Result<Vec<(ProductId, Status)>, AppError> {
    let mut tx = app.db.begin().await?;
    let all: Vec<ProductId> = wishes.iter().flat_map(|(_, products)| products.iter().copied()).collect();
    let mut was = store::lock_all(&mut *tx, &all).await?;
    let wanted = |id: &ProductId| wishes.iter().find(|(_, products)| products.contains(id)).map(|(status, _)| *status);
    was.retain(|(id, status)| wanted(id).is_some_and(|wanted| wanted != *status));
    for (id, before) in &was {
        let Some(status) = wanted(id) else { continue };
        edit::set_status(&mut tx, *id, status, at).await?;
        let change = (json!({ "status": before }), json!({ "status": status }));
        if let Err(error) = noted(&mut tx, staff.actor(), "change the status", *id, change, at).await {
            refused(error, &mut Problems::default())?;
        }
    }
    tx.commit().await?;
    app.changed().await;
    Ok(was)
}

fn read(fields: &Fields) -> Vec<Wish> {
    let marked = Status::parse(fields.get("do")).map(|status| (status, fields.all("product").filter_map(|id| id.parse().ok()).collect()));
    let listed = Status::ALL.into_iter().map(|status| (status, fields.get(status.code()).split('.').filter_map(|id| id.parse().ok()).collect()));
    marked.into_iter().chain(listed).collect()
}

fn undo(was: &[(ProductId, Status)]) -> Undo {
    let ids = |status: Status| was.iter().filter(|(_, had)| *had == status).map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(".");
    Status::ALL.into_iter().fold(Undo::new(DOOR), |undo, status| undo.with(status.code(), ids(status)))
}

/// Where the form stood: the list as it was narrowed, or the page of one product.
fn back(fields: &Fields) -> String {
    if let Ok(id) = fields.get("one").parse::<ProductId>() {
        return path(id);
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", fields.get("q")).append_pair("status", fields.get("shown")).finish();
    format!("/admin/products?{query}")
}
