//! Saving a product's words, publication and collections.

use axum::extract::{Path, State};
use sqlx::PgConnection;

use super::loaded::{Loaded, load};
use super::product::{TAX_CLASSES, Typed, again, path};
use super::{difference, noted, refused};
use crate::app::App;
use crate::base::{CollectionId, Instant, MarketId, ProductId};
use crate::catalog::edit;
use crate::catalog::edit::{EditError, ProductEdit, Status};
use crate::catalog::store::write::collections::set_membership;
use crate::platform::invalidation;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems, markdown};

/// From when, and until when if it ends.
type Span = (Instant, Option<Instant>);

/// What was typed, read.
struct Words {
    version: i32,
    edit: ProductEdit,
    /// Per market: from and until; `None` where it is not shown there.
    publications: Vec<(MarketId, Option<Span>)>,
    collections: Vec<CollectionId>,
}

pub async fn update(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<ProductId>,
    LongFields(fields): LongFields,
) -> PageResult {
    let at = app.now();
    let language = frame.site.language;
    let mut problems = Problems::default();
    let mut tx = app.db.begin().await?;
    let loaded = load(&app, &mut tx, language, id).await?.ok_or(AppError::NotFound)?;
    let words = read(&loaded, &fields, at, &mut problems);
    if problems.is_empty() {
        let change = difference(&loaded.words(), &fields);
        let saved = async {
            edit::update(&mut tx, id, words.version, language, &words.edit, at).await?;
            place(&mut tx, &loaded, &words).await?;
            noted(&mut tx, staff.actor(), "update", id, change, at).await
        };
        if let Err(error) = saved.await {
            refused(error, &mut problems)?;
        }
    }
    if !problems.is_empty() {
        tx.rollback().await?;
        return again(&app, &frame, id, Typed::Words(fields), problems).await;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), "catalog-desk-saved"))
}

/// Where it is shown and what it lies beside; only what differs is written.
async fn place(tx: &mut PgConnection, loaded: &Loaded, words: &Words) -> Result<(), EditError> {
    let id = loaded.product.id;
    for (market, wanted) in &words.publications {
        let now = loaded.publication(*market).map(|(_, from, until)| (*from, *until));
        match wanted {
            _ if now == *wanted => {}
            Some((from, until)) => edit::publish(&mut *tx, id, *market, *from, *until).await?,
            None => edit::unpublish(&mut *tx, id, *market).await?,
        }
    }
    let changed = set_membership(&mut *tx, id, &words.collections).await?;
    let tags: Vec<String> = changed.iter().map(|collection| format!("collection:{collection}")).collect();
    Ok(invalidation::append(tx, &tags).await?)
}

fn read(loaded: &Loaded, fields: &Fields, at: Instant, problems: &mut Problems) -> Words {
    let description = typed::text(fields, "description", problems);
    let handle = typed::handle(fields, "handle", problems);
    if handle.is_none() && loaded.product.handle.is_some() {
        problems.add("handle", "Enter an address. The old one goes on working.");
    }
    let tags = typed::words(&typed::line(fields, "tags", problems));
    let tax_class = fields.get("tax_class");
    if !TAX_CLASSES.iter().any(|(class, _)| *class == tax_class) && tax_class != loaded.product.tax_class {
        problems.add("tax_class", "Choose a tax class.");
    }
    let status = Status::parse(fields.get("status")).unwrap_or_else(|| {
        problems.add("status", "Choose a status.");
        loaded.product.status
    });
    let edit = ProductEdit {
        title: typed::required(fields, "title", "a title", problems),
        description_html: markdown::render(&description),
        description,
        vendor: typed::line(fields, "vendor", problems),
        product_type: typed::line(fields, "product_type", problems),
        tags,
        tax_class: tax_class.to_owned(),
        status,
        handle,
        seo_title: typed::line(fields, "seo_title", problems),
        seo_description: typed::line(fields, "seo_description", problems),
    };
    let publications = loaded.markets.iter().map(|market| (market.id, publication(loaded, market.id, &market.code, fields, at, problems))).collect();
    Words {
        version: fields.get("version").parse().unwrap_or_default(),
        edit,
        publications,
        collections: fields.all("collection").filter_map(|id| id.parse().ok()).collect(),
    }
}

/// The fields go to the minute; a moment that was not touched keeps its seconds.
fn publication(
    loaded: &Loaded,
    market: MarketId,
    code: &str,
    fields: &Fields,
    at: Instant,
    problems: &mut Problems,
) -> Option<(Instant, Option<Instant>)> {
    if !fields.has(&format!("published-{code}")) {
        return None;
    }
    let now = loaded.publication(market);
    let (from_field, until_field) = (format!("from-{code}"), format!("until-{code}"));
    let mut moment = |field: &str, known: Option<Instant>| {
        let same = known.filter(|known| typed::local(*known, &loaded.zone) == fields.get(field));
        same.or_else(|| typed::moment(fields, field, &loaded.zone, problems))
    };
    let from = moment(&from_field, now.map(|(_, from, _)| *from)).unwrap_or(at);
    let until = moment(&until_field, now.and_then(|(_, _, until)| *until));
    if until.is_some_and(|until| until <= from) {
        problems.add(&until_field, "The end must be after the beginning.");
    }
    Some((from, until))
}
