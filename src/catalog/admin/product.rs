//! The page of one product: words, publication, variants, options, pictures, prices for a time.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::list;
use super::loaded::{Loaded, MarketRow, load};
use super::sale;
use crate::app::App;
use crate::base::{CollectionId, Instant, MediaId, Money, ProductId};
use crate::catalog::edit::{MOST_COMPANIONS, Status};
use crate::catalog::store::admin::{Listed, Variant};
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, Problems, filters};

/// Classes that goods are taxed by.
pub const TAX_CLASSES: [(&str, &str); 3] = [("standard", "Standard rate"), ("reduced", "Reduced rate"), ("zero", "Not taxed")];
/// What is ticked of a variant: its field, and what it says.
const TICKS: [(&str, &str); 4] = [("tracked", "Counted"), ("empty", "Sells when empty"), ("ships", "Is shipped"), ("archive", "Archive")];
/// Options of a product at most.
pub const MOST_OPTIONS: usize = 3;

/// A price that is planned, or that ends.
struct Planned {
    variant: String,
    market: String,
    amount: Money,
    from: Option<Instant>,
    until: Option<Instant>,
    /// By which it is taken back; none where it is no price for a while.
    key: Option<String>,
}

/// The forms of the page as they are drawn.
struct Forms {
    words: Fields,
    rows: Fields,
    options: Fields,
    sale: Fields,
}

/// The form that came back, as it was typed.
pub enum Typed {
    Words(Fields),
    Rows(Fields),
    Options(Fields),
    Sale(Fields),
    /// A form whose content cannot be shown again: files.
    Nothing,
}

/// A search for what goes well with the product.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// The words of a search, and what they found.
#[derive(Default)]
struct Search {
    words: String,
    found: Vec<Listed>,
}

#[derive(Template)]
#[template(path = "catalog/admin/product.html")]
struct ProductPage {
    loaded: Loaded,
    forms: Forms,
    problems: Problems,
    statuses: [Status; 3],
    tax_classes: [(&'static str, &'static str); 3],
    planned: Vec<Planned>,
    option_places: Vec<usize>,
    search: Search,
}

impl ProductPage {
    fn is_in(&self, collection: &CollectionId) -> bool {
        let id = collection.to_string();
        self.forms.words.all("collection").any(|value| value == id)
    }

    fn is_companion(&self, product: &ProductId) -> bool {
        self.loaded.companions.iter().any(|companion| companion.id == *product)
    }

    fn field(&self, name: &str, variant: &Variant) -> String {
        format!("{name}-{}", variant.number)
    }

    fn price_field(&self, name: &str, market: &MarketRow, variant: &Variant) -> String {
        format!("{name}-{}-{}", market.code, variant.number)
    }

    fn market_field(&self, name: &str, market: &MarketRow) -> String {
        format!("{name}-{}", market.code)
    }

    /// What can still be promised; `None` where it is not counted.
    fn left(&self, variant: &Variant) -> Option<i32> {
        self.loaded.level(variant.id).filter(|_| variant.is_tracked).map(crate::inventory::Level::available)
    }

    fn is_picture_of(&self, picture: &MediaId, variant: &Variant) -> bool {
        self.forms.rows.get(&self.field("picture", variant)) == picture.to_string()
    }

    fn archived(&self) -> Vec<&Variant> {
        self.loaded.variants.iter().filter(|variant| variant.archived_at.is_some()).collect()
    }

    fn living(&self) -> Vec<&Variant> {
        self.loaded.living().collect()
    }

    fn is_sale_of(&self, variant: &Variant) -> bool {
        self.forms.sale.get("sale-variant") == variant.number.to_string()
    }

    /// How many prices can be taken back.
    fn temporary(&self) -> usize {
        self.planned.iter().filter(|row| row.key.is_some()).count()
    }

    fn is_active(&self) -> bool {
        self.loaded.product.status == Status::Active
    }

    fn is_archived(&self) -> bool {
        self.loaded.product.status == Status::Archived
    }
}

pub async fn show(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>, Path(id): Path<ProductId>, Query(asked): Query<Asked>) -> PageResult {
    let words = asked.q.trim().replace('\0', "");
    let found = list::found(&app, &frame, &words).await?;
    let mut db = app.db.acquire().await?;
    let loaded = load(&app, &mut db, frame.site.language, id).await?.ok_or(AppError::NotFound)?;
    page(&frame, StatusCode::OK, loaded, Typed::Nothing, Problems::default(), Search { words, found })
}

/// Somebody loads the address of a form again.
pub async fn back(_: Staff<Catalog>, Path(id): Path<ProductId>) -> Response {
    Redirect::to(&path(id)).into_response()
}

pub fn path(id: ProductId) -> String {
    format!("/admin/products/{id}")
}

/// The page with what was typed, after a refusal. After a conflict it carries the version that is saved now, so that
/// saving again is a decision.
pub async fn again(app: &App, frame: &AdminFrame, id: ProductId, typed: Typed, problems: Problems) -> PageResult {
    let mut db = app.db.acquire().await?;
    let loaded = load(app, &mut db, frame.site.language, id).await?.ok_or(AppError::NotFound)?;
    let status = if problems.has("version") { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(frame, status, loaded, typed, problems, Search::default())
}

fn page(frame: &AdminFrame, status: StatusCode, loaded: Loaded, typed: Typed, problems: Problems, search: Search) -> PageResult {
    let title = loaded.product.title.clone();
    let mut forms = Forms { words: loaded.words(), rows: loaded.rows(), options: loaded.option_rows(), sale: Fields::default() };
    let version = loaded.product.version.to_string();
    let current = |fields: Fields| if status == StatusCode::CONFLICT { fields.with("version", version.as_str()) } else { fields };
    match typed {
        Typed::Words(fields) => forms.words = current(fields),
        Typed::Rows(fields) => forms.rows = current(fields),
        Typed::Options(fields) => forms.options = current(fields),
        Typed::Sale(fields) => forms.sale = fields,
        Typed::Nothing => {}
    }
    let planned = planned(&loaded);
    let option_places = (0..loaded.options.len().max(MOST_OPTIONS)).collect();
    let (statuses, tax_classes) = (Status::ALL, TAX_CLASSES);
    frame.page_with(status, &title, ProductPage { loaded, forms, problems, statuses, tax_classes, planned, option_places, search })
}

/// Prices for a while, and others that begin or end. Of a price that only makes room for one and comes back after it nothing is said.
fn planned(loaded: &Loaded) -> Vec<Planned> {
    let temporary = sale::temporary(loaded);
    let mut planned = Vec::new();
    for (place, (market, rows)) in loaded.markets.iter().zip(&loaded.prices).enumerate() {
        let coming = |at: Option<Instant>| at.is_some_and(|at| at > loaded.at);
        // In the order of the variants, where they begin together.
        let of_variants = loaded.living().flat_map(|variant| rows.iter().filter(|row| row.variant_id == variant.id).map(move |row| (variant, row)));
        for (variant, row) in of_variants.filter(|(_, row)| coming(row.valid_from) || coming(row.valid_until)) {
            let of_it = || temporary.iter().filter(|one| one.market == place && one.row.variant_id == row.variant_id);
            let this = of_it().find(|one| one.row == row);
            let makes_room = of_it().any(|one| {
                one.row.compare_at_minor == Some(row.amount_minor) && (one.row.valid_from == row.valid_until || one.row.valid_until == row.valid_from)
            });
            if this.is_none() && makes_room {
                continue;
            }
            planned.push(Planned {
                variant: variant.title(),
                market: market.name.clone(),
                amount: Money::new(row.amount_minor, market.currency),
                from: row.valid_from,
                until: row.valid_until,
                key: this.map(|one| one.key(loaded)),
            });
        }
    }
    planned.sort_by_key(|row| row.from);
    planned
}
