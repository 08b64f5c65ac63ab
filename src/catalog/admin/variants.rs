//! The table of a product's variants: what they cost, what they are known by, how they are counted.

use axum::extract::{Path, State};
use sqlx::PgConnection;

use super::loaded::{Loaded, load};
use super::product::{Typed, again, path};
use super::{difference, finish, held, refused};
use crate::app::App;
use crate::base::{Country, Instant, PriceListId, ProductId, VariantId};
use crate::catalog::edit::{self, EditError, EditRefused, VariantEdit};
use crate::catalog::store::admin::Variant;
use crate::catalog::store::write::variants;
use crate::pricing;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

/// A row that was read: how it shall be, and its prices per list.
struct Row<'a> {
    variant: &'a Variant,
    edit: VariantEdit,
    prices: Vec<(PriceListId, i64, Option<i64>)>,
    is_archived: bool,
}

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
    // Rows that the form does not hold came later, and stay as they are.
    let living = loaded.living().filter(|variant| fields.0.iter().any(|(name, _)| *name == format!("sku-{}", variant.number)));
    let mut rows: Vec<Row<'_>> = Vec::new();
    for variant in living {
        let mut found = Problems::default();
        rows.push(read(&loaded, variant, &fields, &mut found));
        problems.take(found, |field| place(variant, field));
    }
    taken(&mut tx, &rows, &mut problems).await?;
    let restored = loaded.variants.iter().filter(|variant| variant.archived_at.is_some() && fields.has(&format!("restore-{}", variant.number)));
    let restored: Vec<&Variant> = restored.collect();
    for variant in restored.iter().filter(|variant| variant.values.len() != loaded.options.len()) {
        problems.add(&format!("restore-{}", variant.number), format!("{} has other options than the product has now.", variant.title()));
    }
    if let Err(error) = held(&mut tx, id, &fields).await {
        refused(error, &mut problems)?;
    }
    if problems.is_empty() {
        save(&mut tx, &rows, &restored, at, &mut problems).await?;
    }
    let has_price = |variant: &Variant| (0..loaded.markets.len()).any(|market| loaded.price(market, variant.id).is_some());
    if problems.is_empty() && (!restored.is_empty() || rows.iter().any(|row| row.is_archived || !row.prices.is_empty() && !has_price(row.variant))) {
        edit::came_or_went(&mut tx, id).await?;
    }
    if problems.is_empty() {
        let change = difference(&loaded.rows(), &fields);
        if let Err(error) = finish(&mut tx, staff.actor(), "update variants", id, change, at).await {
            refused(error, &mut problems)?;
        }
    }
    if !problems.is_empty() {
        tx.rollback().await?;
        return again(&app, &frame, id, Typed::Rows(fields), problems).await;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "catalog-desk-variants"))
}

/// Where a field of the table stands: variant and column.
fn place(variant: &Variant, field: &str) -> String {
    let column = match field.split('-').next().unwrap_or_default() {
        "price" => "price",
        "was" => "former price",
        "sku" => "SKU",
        "barcode" => "barcode",
        "weight" => "weight",
        "hs" => "tariff number",
        "origin" => "origin",
        _ => return variant.title(),
    };
    format!("{}, {column}", variant.title())
}

/// Notes every SKU that stands twice in the table or belongs to another product, together with all other faults.
async fn taken(tx: &mut PgConnection, rows: &[Row<'_>], problems: &mut Problems) -> Result<(), AppError> {
    let skus: Vec<&str> = rows.iter().filter_map(|row| row.edit.sku.as_deref()).collect();
    let own: Vec<VariantId> = rows.iter().map(|row| row.variant.id).collect();
    let elsewhere = variants::taken_skus(&mut *tx, &skus, &own).await?;
    for (at, row) in rows.iter().enumerate() {
        let Some(sku) = row.edit.sku.as_deref() else { continue };
        let is_above = rows.iter().take(at).any(|above| above.edit.sku.as_deref() == Some(sku));
        if is_above || elsewhere.iter().any(|other| other == sku) {
            let field = format!("sku-{}", row.variant.number);
            problems.add_at(&field, &place(row.variant, &field), EditRefused::SkuTaken.to_string());
        }
    }
    Ok(())
}

/// Writes what differs. A refusal is noted beside its row, and nothing more is written: the transaction is over.
async fn save(tx: &mut PgConnection, rows: &[Row<'_>], restored: &[&Variant], at: Instant, problems: &mut Problems) -> Result<(), AppError> {
    for row in rows {
        let result = save_row(&mut *tx, row, at).await;
        if let Err(error) = result {
            return beside(error, row.variant, problems);
        }
    }
    for variant in restored {
        if let Err(error) = edit::restore_variant(&mut *tx, variant.id).await {
            return beside(error, variant, problems);
        }
    }
    Ok(())
}

async fn save_row(tx: &mut PgConnection, row: &Row<'_>, at: Instant) -> Result<(), EditError> {
    if row.edit != Loaded::edit_of(row.variant) {
        edit::update_variant(&mut *tx, row.variant.id, &row.edit).await?;
    }
    for (list, amount, was) in &row.prices {
        pricing::set_price(&mut *tx, *list, row.variant.id, *amount, *was, at).await?;
    }
    if row.is_archived {
        edit::archive_variant(&mut *tx, row.variant.id, at).await?;
    }
    Ok(())
}

fn beside(error: EditError, variant: &Variant, problems: &mut Problems) -> Result<(), AppError> {
    match error {
        EditError::Refused(EditRefused::SkuTaken) => {
            problems.add(&format!("sku-{}", variant.number), EditRefused::SkuTaken.to_string());
            Ok(())
        }
        EditError::Refused(refused) => {
            problems.add(&format!("restore-{}", variant.number), refused.to_string());
            Ok(())
        }
        EditError::Db(error) => Err(error.into()),
    }
}

fn read<'a>(loaded: &Loaded, variant: &'a Variant, fields: &Fields, problems: &mut Problems) -> Row<'a> {
    let name = |what: &str| format!("{what}-{}", variant.number);
    let hs_code = typed::optional(fields, &name("hs"), problems);
    if hs_code.as_deref().is_some_and(|code| !VariantEdit::is_hs_code(code)) {
        problems.add(&name("hs"), "Enter a tariff number of six to ten digits.");
    }
    let origin = fields.get(&name("origin")).to_uppercase();
    let origin_country = Country::parse(&origin);
    if origin_country.is_none() && !origin.is_empty() {
        problems.add(&name("origin"), "Enter a country by its two letters, such as IE.");
    }
    let edit = VariantEdit {
        sku: typed::optional(fields, &name("sku"), problems),
        barcode: typed::optional(fields, &name("barcode"), problems),
        weight_grams: typed::count(fields, &name("weight"), problems),
        requires_shipping: fields.has(&name("ships")),
        is_tracked: fields.has(&name("tracked")),
        sells_when_empty: fields.has(&name("empty")),
        hs_code,
        origin_country,
        media: fields.get(&name("picture")).parse().ok(),
        ..Loaded::edit_of(variant)
    };
    let prices = (0..loaded.markets.len()).filter_map(|market| price(loaded, market, variant, fields, problems)).collect();
    Row { variant, edit, prices, is_archived: fields.has(&name("archive")) }
}

fn price(loaded: &Loaded, market: usize, variant: &Variant, fields: &Fields, problems: &mut Problems) -> Option<(PriceListId, i64, Option<i64>)> {
    let row = loaded.markets.get(market)?;
    let (price_field, was_field) = (format!("price-{}-{}", row.code, variant.number), format!("was-{}-{}", row.code, variant.number));
    let amount = typed::amount(fields, &price_field, row.currency, problems);
    let was = typed::amount(fields, &was_field, row.currency, problems);
    let Some(amount) = amount else {
        if loaded.price(market, variant.id).is_some() {
            problems.add(&price_field, "Enter a price. To stop selling a variant, archive it.");
        } else if was.is_some() {
            problems.add(&price_field, "Enter the price of today as well.");
        }
        return None;
    };
    if was.is_some_and(|was| was <= amount) {
        problems.add(&was_field, "The former price must be higher than the price.");
    }
    Some((row.list, amount, was))
}
