//! A new product: its words, and its first variant where a price is given at once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use sqlx::PgConnection;

use super::loaded::{MarketRow, markets};
use super::product::path;
use super::{noted, refused};
use crate::app::App;
use crate::base::{Actor, Instant, Language, Money, ProductId};
use crate::catalog::edit::{self, EditError, EditRefused, ProductEdit, Status, VariantEdit};
use crate::catalog::store::write::variants;
use crate::inventory;
use crate::inventory::Note;
use crate::pricing;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{Fields, PageResult, Problems, markdown};

#[derive(Template)]
#[template(path = "catalog/admin/new.html")]
struct NewPage<'a> {
    form: &'a Fields,
    problems: &'a Problems,
    currency: String,
}

/// What was typed, read.
struct New {
    edit: ProductEdit,
    sku: Option<String>,
    price: Option<i64>,
    stock: i32,
}

fn page(app: &App, frame: &AdminFrame, status: StatusCode, form: &Fields, problems: &Problems) -> PageResult {
    let currency = markets(app).first().map_or_else(|| app.rules().shop.currency, |market| market.currency).to_string();
    frame.page_with(status, "New product", NewPage { form, problems, currency })
}

pub async fn new(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>) -> PageResult {
    page(&app, &frame, StatusCode::OK, &Fields::default(), &Problems::default())
}

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, LongFields(fields): LongFields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let markets = markets(&app);
    let new = read(markets.first(), &fields, &mut problems);
    if let Some(sku) = new.sku.as_deref()
        && !variants::taken_skus(&app.db, &[sku], &[]).await?.is_empty()
    {
        problems.add("sku", EditRefused::SkuTaken.to_string());
    }
    if !problems.is_empty() {
        return page(&app, &frame, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems);
    }
    let mut tx = app.db.begin().await?;
    let note = Note { reason: "First count", actor: staff.actor(), at, low_stock: app.rules().shop.low_stock };
    match save(&mut tx, frame.site.language, &markets, &new, &note, staff.actor(), at).await {
        Ok(id) => {
            tx.commit().await?;
            app.changed().await;
            Ok(frame.see_other_saying(&path(id), "catalog-desk-created"))
        }
        Err(error) => {
            tx.rollback().await?;
            refused(error, &mut problems)?;
            page(&app, &frame, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems)
        }
    }
}

fn read(market: Option<&MarketRow>, fields: &Fields, problems: &mut Problems) -> New {
    let description = typed::text(fields, "description", problems);
    let edit = ProductEdit {
        title: typed::required(fields, "title", "a title", problems),
        description_html: markdown::render(&description),
        description,
        vendor: String::new(),
        product_type: String::new(),
        tags: Vec::new(),
        tax_class: "standard".to_owned(),
        status: Status::Draft,
        handle: None,
        seo_title: String::new(),
        seo_description: String::new(),
    };
    let price = market.and_then(|market| typed::amount(fields, "price", market.currency, problems));
    New { edit, sku: typed::optional(fields, "sku", problems), price, stock: typed::count(fields, "stock", problems) }
}

/// A draft that every market may show once it is active, with one variant.
async fn save(
    tx: &mut PgConnection,
    language: Language,
    markets: &[MarketRow],
    new: &New,
    note: &Note<'_>,
    actor: Actor,
    at: Instant,
) -> Result<ProductId, EditError> {
    let id = edit::create(&mut *tx, language, &new.edit, at).await?;
    let first = VariantEdit { sku: new.sku.clone(), requires_shipping: true, is_tracked: true, ..VariantEdit::default() };
    let variant = edit::add_variant(&mut *tx, id, &first, None, at).await?;
    if let (Some(market), Some(price)) = (markets.first(), new.price) {
        pricing::set_price(&mut *tx, market.list, variant, price, None, at).await?;
    }
    for market in markets {
        edit::publish(&mut *tx, id, market.id, at, None).await?;
    }
    let location = inventory::default_location(&mut *tx).await?;
    inventory::ensure_level(&mut *tx, variant, location).await?;
    inventory::set_on_hand(&mut *tx, variant, location, new.stock, note).await?;
    let price = markets.first().zip(new.price).map(|(market, price)| Money::new(price, market.currency));
    let after = json!({ "product": new.edit, "sku": new.sku, "price": price, "stock": new.stock });
    noted(tx, actor, "create", id, (json!(null), after), at).await?;
    Ok(id)
}
