//! A price for a while: the price before it is shown beside it and comes back after it.

use axum::extract::{Path, State};
use serde_json::json;

use super::loaded::{Loaded, load};
use super::product::{Typed, again, path};
use super::{finish, refused};
use crate::app::App;
use crate::base::{Instant, Money, PriceListId, ProductId, VariantId};
use crate::pricing;
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

/// What was typed, read: a price on a list for a time, and the variants with what they cost before.
struct Sale {
    list: PriceListId,
    amount: i64,
    from: Instant,
    until: Instant,
    of: Vec<(VariantId, i64)>,
}

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let mut tx = app.db.begin().await?;
    let loaded = load(&app, &mut tx, frame.site.language, id).await?.ok_or(AppError::NotFound)?;
    if let Some(sale) = read(&loaded, &fields, at, &mut problems) {
        for (variant, before) in &sale.of {
            pricing::schedule(&mut tx, sale.list, *variant, sale.amount, Some(*before), sale.from, Some(sale.until)).await?;
        }
        let before: Vec<_> = sale.of.iter().map(|(variant, before)| json!({ "variant": variant, "amount_minor": before })).collect();
        let after = json!({ "amount_minor": sale.amount, "from": sale.from, "until": sale.until });
        if let Err(error) = finish(&mut tx, staff.actor(), "plan a price", id, (json!(before), after), at).await {
            refused(error, &mut problems)?;
        }
    }
    if !problems.is_empty() {
        tx.rollback().await?;
        return again(&app, &frame, id, Typed::Sale(fields), problems).await;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "catalog-desk-sale"))
}

fn read(loaded: &Loaded, fields: &Fields, at: Instant, problems: &mut Problems) -> Option<Sale> {
    let place = loaded.markets.iter().position(|market| market.code == fields.get("sale-market")).unwrap_or_default();
    let Some(market) = loaded.markets.get(place) else {
        problems.add("sale-amount", "The shop has no market yet.");
        return None;
    };
    let amount = typed::amount(fields, "sale-amount", market.currency, problems);
    if amount.is_none() {
        problems.add("sale-amount", "Enter the price.");
    }
    let from = typed::moment(fields, "sale-from", &loaded.zone, problems).map_or(at, |from| from.max(at));
    let until = typed::moment(fields, "sale-until", &loaded.zone, problems);
    if until.is_none_or(|until| until <= from) {
        problems.add("sale-until", "Enter an end after the beginning.");
    }
    let (amount, until) = (amount?, until?);
    let number = fields.get("sale-variant");
    let mut of = Vec::new();
    for variant in loaded.living().filter(|variant| number.is_empty() || variant.number.to_string() == number) {
        let Some(before) = loaded.price_at(place, variant.id, from).map(|row| row.amount_minor) else { continue };
        if before <= amount {
            let before = Money::new(before, market.currency);
            problems.add("sale-amount", format!("{} costs {} then already. Enter less.", variant.title(), before.plain()));
        }
        of.push((variant.id, before));
    }
    if of.is_empty() {
        problems.add("sale-variant", "There is no variant with a price then.");
    }
    problems.is_empty().then_some(Sale { list: market.list, amount, from, until, of })
}
