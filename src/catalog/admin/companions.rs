//! What goes well with a product: one is added, removed or moved at a time.

use axum::extract::{Path, State};
use serde_json::json;

use super::product::{Typed, again, path};
use super::refused;
use crate::app::App;
use crate::base::ProductId;
use crate::catalog::edit::{EditRefused, move_product, set_companions};
use crate::catalog::store::admin as store;
use crate::catalog::store::companions;
use crate::catalog::store::companions::Companion;
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::frame::{AdminFrame, Undo};
use crate::web::{AppError, Fields, PageResult, Problems};

/// `do` is `add:<id>`, `remove:<id>`, `up:<id>` or `down:<id>`.
pub async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>, fields: Fields) -> PageResult {
    let language = frame.site.language;
    store::find(&app.db, id, language).await?.ok_or(AppError::NotFound)?;
    let (what, other) = fields.get("do").split_once(':').ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let Ok(other) = other.parse::<ProductId>() else {
        refused(EditRefused::CompanionUnknown.into(), &mut problems)?;
        return again(&app, &frame, id, Typed::Nothing, problems).await;
    };
    let mut tx = app.db.begin().await?;
    store::lock(&mut *tx, id).await?;
    let before = companions::of(&mut *tx, id, language).await?;
    let known: Vec<ProductId> = before.iter().map(|companion| companion.id).collect();
    let wanted = changed(known.clone(), what, other, &fields);
    if wanted != known {
        if let Err(error) = set_companions(&mut tx, id, &wanted).await {
            tx.rollback().await?;
            refused(error, &mut problems)?;
            return again(&app, &frame, id, Typed::Nothing, problems).await;
        }
        let after = companions::of(&mut *tx, id, language).await?;
        let (was, is) = (json!(titles(&before)), json!(titles(&after)));
        staff::audit(&mut *tx, staff.actor(), "update companions", "product", &id.to_string(), Some(was), Some(is), app.now()).await?;
    }
    tx.commit().await?;
    app.changed().await;
    let to = back(id, fields.get("q"));
    let place = known.iter().position(|known| *known == other).filter(|_| what == "remove");
    let Some(place) = place else { return Ok(frame.see_other_saying(&to, "catalog-desk-companions")) };
    let undo = Undo::new(format!("{}/companions", path(id))).with("do", format!("add:{other}")).with("at", place.to_string());
    Ok(frame.see_other_undoable(&to, "catalog-desk-companion-removed", &undo))
}

/// What was removed comes back to where it was (`at`).
fn changed(mut companions: Vec<ProductId>, what: &str, other: ProductId, fields: &Fields) -> Vec<ProductId> {
    match what {
        "add" => companions.insert(fields.get("at").parse().unwrap_or(companions.len()).min(companions.len()), other),
        "remove" => companions.retain(|known| *known != other),
        "up" | "down" => return move_product(companions, other, what == "up"),
        _ => {}
    }
    companions
}

fn titles(companions: &[Companion]) -> Vec<&str> {
    companions.iter().map(|companion| companion.title.as_str()).collect()
}

/// The panel of the page, with what was searched there.
fn back(id: ProductId, words: &str) -> String {
    if words.is_empty() {
        return format!("{}#companions", path(id));
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    format!("{}?{query}#companions", path(id))
}
