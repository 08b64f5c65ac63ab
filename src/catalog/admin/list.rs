//! The list of products: searched, narrowed to a status, a page at a time.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Redirect;

use super::loaded::markets;
use crate::app::App;
use crate::base::{Instant, Money, ProductId, VariantId};
use crate::catalog::edit::Status;
use crate::catalog::store::admin::{self as store, Filter, Listed};
use crate::inventory;
use crate::inventory::Level;
use crate::pricing;
use crate::pricing::PriceRow;
use crate::staff::{Catalog, Staff};
use crate::web::PageResult;
use crate::web::filters;
use crate::web::frame::AdminFrame;

const PAGE: usize = 50;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    status: String,
    after: String,
}

/// A product with what the rooms above know of it.
struct Row {
    product: Listed,
    /// Pieces that can be promised; `None` where none of the variants is counted.
    stock: Option<i32>,
    price_from: Option<Money>,
    price_to: Option<Money>,
}

#[derive(Template)]
#[template(path = "catalog/admin/products.html")]
struct Products {
    rows: Vec<Row>,
    words: String,
    status: Option<Status>,
    statuses: [Status; 3],
    /// Address of the next page; empty on the last.
    next: String,
}

impl Products {
    fn is_status(&self, status: &Status) -> bool {
        self.status == Some(*status)
    }
}

impl Row {
    const fn tone(&self) -> &'static str {
        match self.product.status {
            Status::Active => "is-good",
            Status::Draft => "is-warn",
            Status::Archived => "is-quiet",
        }
    }
}

pub async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>, Query(asked): Query<Asked>) -> PageResult {
    let words = asked.q.trim().replace('\0', "");
    let status = Status::parse(&asked.status);
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let filter = Filter { words: &words, status, after: mark(&asked.after), limit };
    let mut found = store::list(&app.db, frame.site.language, &filter).await?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more).map(|last| next_address(&words, status, last)).unwrap_or_default();
    let ids: Vec<VariantId> = found.iter().flat_map(|product| product.variants.iter().copied()).collect();
    let levels = inventory::levels(&app.db, &ids).await?;
    let market = markets(&app).into_iter().next();
    let prices = match &market {
        Some(market) => pricing::list(&app.db, market.list, &ids).await?,
        None => Vec::new(),
    };
    let rows = found
        .into_iter()
        .map(|product| {
            let mut amounts: Vec<i64> = prices
                .iter()
                .filter(|row| product.variants.contains(&row.variant_id) && runs(row, frame.as_of))
                .map(|row| row.amount_minor)
                .collect();
            amounts.sort_unstable();
            let money = |minor: Option<&i64>| market.as_ref().zip(minor).map(|(market, minor)| Money::new(*minor, market.currency));
            Row { stock: stock(&levels, product.id), price_from: money(amounts.first()), price_to: money(amounts.last()), product }
        })
        .collect();
    frame.page("Products", Products { rows, words, status, statuses: Status::ALL, next })
}

/// Somebody loads the address of a form again.
pub async fn back(_: Staff<Catalog>) -> Redirect {
    Redirect::to("/admin/products")
}

fn runs(row: &PriceRow, at: Instant) -> bool {
    row.valid_from.is_none_or(|from| from <= at) && row.valid_until.is_none_or(|until| at < until)
}

fn stock(levels: &[Level], product: ProductId) -> Option<i32> {
    levels.iter().filter(|level| level.product_id == product && level.is_tracked).map(Level::available).reduce(i32::saturating_add)
}

/// Where a page before ended: `<microseconds>-<id>`.
fn mark(text: &str) -> Option<(Instant, ProductId)> {
    let (micros, id) = text.split_once('-')?;
    Some((Instant::from_micros(micros.parse().ok()?), id.parse().ok()?))
}

fn next_address(words: &str, status: Option<Status>, last: &Listed) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", words)
        .append_pair("status", status.map_or("", Status::code))
        .append_pair("after", &format!("{}-{}", last.updated_at.micros(), last.id))
        .finish();
    format!("/admin/products?{query}")
}

/// Products that a search box finds, for lists that products are added to.
pub async fn found(app: &App, frame: &AdminFrame, words: &str) -> sqlx::Result<Vec<Listed>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    store::list(&app.db, frame.site.language, &Filter { words, limit: 20, ..Filter::default() }).await
}
