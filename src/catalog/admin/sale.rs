//! A price for a while: the price before it is shown beside it and comes back after it, or when it is taken back.

use axum::extract::{Path, State};
use serde_json::json;

use super::loaded::{Loaded, load};
use super::product::{Typed, again, path};
use super::{finish, refused};
use crate::app::App;
use crate::base::{Currency, Instant, Money, PriceListId, ProductId, VariantId};
use crate::pricing;
use crate::pricing::PriceRow;
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

/// What was typed, read: a price on a list for a time, and the variants with what they cost before.
struct Sale {
    list: PriceListId,
    currency: Currency,
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
        let before: Vec<_> =
            sale.of.iter().map(|(variant, before)| json!({ "variant": variant, "price": Money::new(*before, sale.currency) })).collect();
        let after = json!({ "price": Money::new(sale.amount, sale.currency), "from": sale.from, "until": sale.until });
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

/// A price for a while that runs or is planned, and what it stands before.
pub struct Temporary<'a> {
    /// Place of its market.
    pub market: usize,
    pub row: &'a PriceRow,
    before: &'a PriceRow,
}

impl Temporary<'_> {
    /// Names it in the form: market, variant, and when it begins.
    pub fn key(&self, loaded: &Loaded) -> String {
        let from = self.row.valid_from.map_or(0, Instant::micros);
        format!("{}:{}:{from}", loaded.markets[self.market].code, self.row.variant_id)
    }
}

/// The prices for a while of all variants that can still be had, first the one that begins first.
pub fn temporary(loaded: &Loaded) -> Vec<Temporary<'_>> {
    let mut found = Vec::new();
    for (market, rows) in loaded.prices.iter().enumerate() {
        for row in rows.iter().filter(|row| row.valid_until.is_some_and(|until| until > loaded.at)) {
            if let Some(before) = before(rows, row)
                && loaded.living().any(|variant| variant.id == row.variant_id)
            {
                found.push(Temporary { market, row, before });
            }
        }
    }
    found.sort_by_key(|one| one.row.valid_from);
    found
}

/// The price that holds before one for a while, also where others for a while lie between them.
fn before<'a>(rows: &'a [PriceRow], row: &PriceRow) -> Option<&'a PriceRow> {
    let (mut begins, wanted) = (row.valid_from?, row.compare_at_minor?);
    loop {
        let found = rows.iter().find(|before| before.variant_id == row.variant_id && before.valid_until == Some(begins))?;
        if found.amount_minor == wanted {
            return Some(found);
        }
        begins = found.valid_from.filter(|_| found.compare_at_minor == Some(wanted))?;
    }
}

/// The price before holds again: from now on where the price for a while runs, else throughout.
pub async fn take_back(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let loaded = load(&app, &mut tx, frame.site.language, id).await?.ok_or(AppError::NotFound)?;
    let wanted = fields.get("take");
    let (mut gone, mut back) = (Vec::new(), Vec::new());
    for one in temporary(&loaded).iter().filter(|one| wanted == "all" || one.key(&loaded) == wanted) {
        let (row, before) = (one.row, one.before);
        // What comes after it at the same price as before it is one price again.
        let after = loaded.prices[one.market].iter().find(|after| after.variant_id == row.variant_id && after.valid_from == row.valid_until);
        let is_same = |after: &&PriceRow| (after.amount_minor, after.compare_at_minor) == (before.amount_minor, before.compare_at_minor);
        let until = after.filter(is_same).map_or(row.valid_until, |after| after.valid_until);
        // It grows out of the one before, else the page would tell of a price that ends and comes back the same.
        let from = row.valid_from.unwrap_or(at);
        let meets = before.valid_until == row.valid_from;
        let begins = if from > at && !meets {
            from
        } else if from > at {
            before.valid_from.map_or(at, |from| from.max(at))
        } else {
            at
        };
        let (list, currency) = (loaded.markets[one.market].list, loaded.markets[one.market].currency);
        pricing::schedule(&mut tx, list, row.variant_id, before.amount_minor, before.compare_at_minor, begins, until).await?;
        gone.push(
            json!({ "variant": row.variant_id, "price": Money::new(row.amount_minor, currency), "from": row.valid_from, "until": row.valid_until }),
        );
        back.push(json!({ "variant": row.variant_id, "price": Money::new(before.amount_minor, currency) }));
    }
    if gone.is_empty() {
        return Ok(frame.see_other_saying(&path(id), "catalog-desk-sale-gone"));
    }
    let mut problems = Problems::default();
    if let Err(error) = finish(&mut tx, staff.actor(), "take a price back", id, (json!(gone), json!(back)), at).await {
        refused(error, &mut problems)?;
        tx.rollback().await?;
        return again(&app, &frame, id, Typed::Nothing, problems).await;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "catalog-desk-sale-back"))
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
    let others = temporary(loaded);
    let mut of = Vec::new();
    for variant in loaded.living().filter(|variant| number.is_empty() || variant.number.to_string() == number) {
        let Some(row) = loaded.price_at(place, variant.id, from) else { continue };
        // Another price for a while is corrected, and is not the price before.
        let is_temporary = others.iter().any(|one| one.market == place && one.row == row);
        let before = row.compare_at_minor.filter(|_| is_temporary).unwrap_or(row.amount_minor);
        if before <= amount {
            let before = Money::new(before, market.currency);
            problems.add("sale-amount", format!("{} costs {} then already. Enter less.", variant.title(), before.plain()));
        }
        of.push((variant.id, before));
    }
    if of.is_empty() {
        problems.add("sale-variant", "There is no variant with a price then.");
    }
    problems.is_empty().then_some(Sale { list: market.list, currency: market.currency, amount, from, until, of })
}
