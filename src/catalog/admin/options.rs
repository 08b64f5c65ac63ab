//! The options of a product, and the variants that their values make together.

use axum::extract::{Path, State};
use serde_json::json;
use sqlx::PgConnection;

use super::loaded::{Loaded, load};
use super::product::{MOST_OPTIONS, Typed, again, path};
use super::{held, noted, refused};
use crate::app::App;
use crate::base::{Instant, ProductId};
use crate::catalog::edit::{self, EditError, OptionEdit, VariantEdit};
use crate::inventory;
use crate::pricing;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

pub async fn update(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<ProductId>,
    LongFields(fields): LongFields,
) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let mut tx = app.db.begin().await?;
    let loaded = load(&app, &mut tx, frame.site.language, id).await?.ok_or(AppError::NotFound)?;
    let options = read(&loaded, &fields, &mut problems);
    if problems.is_empty() {
        let saved = async {
            held(&mut tx, id, &fields).await?;
            let made = save(&mut tx, &loaded, &options, at).await?;
            let change = (json!({ "options": loaded.options }), json!({ "options": options, "new_variants": made }));
            noted(&mut tx, staff.actor(), "update options", id, change, at).await
        };
        if let Err(error) = saved.await {
            refused(error, &mut problems)?;
        }
    }
    if !problems.is_empty() {
        tx.rollback().await?;
        return again(&app, &frame, id, Typed::Options(fields), problems).await;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "catalog-desk-options"))
}

/// Sets the options and makes the missing variants, each like the first one with its prices; gives how many.
async fn save(tx: &mut PgConnection, loaded: &Loaded, options: &[OptionEdit], at: Instant) -> Result<usize, EditError> {
    let id = loaded.product.id;
    edit::set_options(&mut *tx, id, options, at).await?;
    let first = loaded.living().next();
    let like = first.map_or_else(|| VariantEdit { requires_shipping: true, is_tracked: true, ..VariantEdit::default() }, Loaded::edit_of);
    let made = edit::add_missing_variants(&mut *tx, id, options, &like, at).await?;
    let location = inventory::default_location(&mut *tx).await?;
    for variant in &made {
        inventory::ensure_level(&mut *tx, *variant, location).await?;
        for (place, market) in loaded.markets.iter().enumerate() {
            if let Some(row) = first.and_then(|first| loaded.price(place, first.id)) {
                pricing::set_price(&mut *tx, market.list, *variant, row.amount_minor, row.compare_at_minor, at).await?;
            }
        }
    }
    Ok(made.len())
}

fn read(loaded: &Loaded, fields: &Fields, problems: &mut Problems) -> Vec<OptionEdit> {
    let mut options = Vec::new();
    for place in 0..loaded.options.len().max(MOST_OPTIONS) {
        let (name_field, values_field) = (format!("option-{place}"), format!("values-{place}"));
        let name = typed::line(fields, &name_field, problems);
        let values = typed::words(&typed::text(fields, &values_field, problems));
        if name.is_empty() {
            if !values.is_empty() && place >= loaded.options.len() {
                problems.add(&name_field, "Name the option, such as Colour.");
            }
            continue;
        }
        if values.is_empty() {
            problems.add(&values_field, "Enter at least one value.");
        } else if values.iter().any(|value| value.chars().count() > 100) {
            problems.add(&values_field, "A value has at most 100 characters.");
        }
        options.push(OptionEdit { name, values, was: (place < loaded.options.len()).then_some(place) });
    }
    options
}
