//! Collections: their words, and their products in the merchant's order.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::json;

use super::{difference, list, refused};
use crate::app::App;
use crate::base::{CollectionId, Handle, ProductId};
use crate::catalog::edit::{CollectionEdit, Status, create_collection, move_product, set_products, update_collection};
use crate::catalog::store::admin as store;
use crate::catalog::store::admin::{Collection, Listed, Picture};
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::{AdminFrame, Undo};
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems, markdown};

#[derive(Template)]
#[template(path = "catalog/admin/collections.html")]
struct Index {
    collections: Vec<Collection>,
}

#[derive(Template)]
#[template(path = "catalog/admin/collection.html")]
struct Page<'a> {
    /// `None` for a new one.
    collection: Option<Collection>,
    form: &'a Fields,
    problems: &'a Problems,
    picture: Option<Picture>,
    members: Vec<(ProductId, String, Status)>,
    words: &'a str,
    found: Vec<Listed>,
}

impl Page<'_> {
    fn is_member(&self, product: &ProductId) -> bool {
        self.members.iter().any(|(id, ..)| id == product)
    }

    fn action(&self) -> String {
        self.collection.as_ref().map_or_else(|| "/admin/collections/new".to_owned(), |collection| path(collection.id))
    }

    fn title(&self) -> &str {
        self.collection.as_ref().map_or("New collection", |collection| &collection.title)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

pub fn path(id: CollectionId) -> String {
    format!("/admin/collections/{id}")
}

pub async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>) -> PageResult {
    frame.page("Collections", Index { collections: store::collections(&app.db, frame.site.language).await? })
}

fn new_page(frame: &AdminFrame, status: StatusCode, form: &Fields, problems: &Problems) -> PageResult {
    let page = Page { collection: None, form, problems, picture: None, members: Vec::new(), words: "", found: Vec::new() };
    frame.page_with(status, "New collection", page)
}

async fn page(app: &App, frame: &AdminFrame, id: CollectionId, words: &str, typed: Option<Fields>, problems: &Problems) -> PageResult {
    let collection = store::collection(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    let picture = store::picture_of(&app.db, id).await?;
    let members = store::members(&app.db, id, frame.site.language).await?;
    let found = list::found(app, frame, words).await?;
    let title = collection.title.clone();
    let form = typed.unwrap_or_else(|| written(&collection));
    let (form, status) = if problems.has("version") {
        (form.with("version", collection.version.to_string()), StatusCode::CONFLICT)
    } else {
        (form, if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY })
    };
    frame.page_with(status, &title, Page { collection: Some(collection), form: &form, problems, picture, members, words, found })
}

/// The page after a form of it was refused that is not the collection's own.
pub async fn again(app: &App, frame: &AdminFrame, id: CollectionId, problems: &Problems) -> PageResult {
    page(app, frame, id, "", None, problems).await
}

fn written(collection: &Collection) -> Fields {
    let fields = Fields::default()
        .with("version", collection.version.to_string())
        .with("title", &collection.title)
        .with("handle", &collection.handle)
        .with("description", &collection.description)
        .with("position", collection.position.to_string());
    if collection.is_active { fields.with("active", "1") } else { fields }
}

fn read(fields: &Fields, problems: &mut Problems) -> CollectionEdit {
    let title = typed::required(fields, "title", "a title", problems);
    let description = typed::text(fields, "description", problems);
    let handle = typed::handle(fields, "handle", problems).unwrap_or_else(|| Handle::of_title(&title, "collection"));
    CollectionEdit {
        description_html: markdown::render(&description),
        description,
        handle,
        is_active: fields.has("active"),
        position: typed::count(fields, "position", problems),
        title,
    }
}

pub async fn new(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>) -> PageResult {
    let next = store::collections(&app.db, frame.site.language).await?.iter().map(|collection| collection.position).max().unwrap_or(0) + 1;
    let form = Fields::default().with("active", "1").with("position", next.to_string());
    new_page(&frame, StatusCode::OK, &form, &Problems::default())
}

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, LongFields(fields): LongFields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let edit = read(&fields, &mut problems);
    if problems.is_empty() {
        let mut tx = app.db.begin().await?;
        match create_collection(&mut tx, frame.site.language, &edit, at).await {
            Ok(id) => {
                staff::audit(&mut *tx, staff.actor(), "create", "collection", &id.to_string(), None, Some(json!(edit)), at).await?;
                tx.commit().await?;
                app.changed().await;
                return Ok(frame.see_other_saying(&path(id), "catalog-desk-collection"));
            }
            Err(error) => refused(error, &mut problems)?,
        }
    }
    new_page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems)
}

pub async fn show(
    State(app): State<App>,
    frame: AdminFrame,
    _: Staff<Catalog>,
    Path(id): Path<CollectionId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let words = asked.q.trim().replace('\0', "");
    page(&app, &frame, id, &words, None, &Problems::default()).await
}

pub async fn update(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<CollectionId>,
    LongFields(fields): LongFields,
) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let edit = read(&fields, &mut problems);
    let before = store::collection(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    if problems.is_empty() {
        let mut tx = app.db.begin().await?;
        let version = fields.get("version").parse().unwrap_or_default();
        match update_collection(&mut tx, id, version, frame.site.language, &edit, at).await {
            Ok(()) => {
                let (was, is) = difference(&written(&before), &fields);
                staff::audit(&mut *tx, staff.actor(), "update", "collection", &id.to_string(), Some(was), Some(is), at).await?;
                tx.commit().await?;
                app.changed().await;
                return Ok(frame.see_other_saying(&path(id), "catalog-desk-collection"));
            }
            Err(error) => refused(error, &mut problems)?,
        }
    }
    page(&app, &frame, id, "", Some(fields), &problems).await
}

/// One product is added, removed or moved: `do` is `add:<id>`, `remove:<id>`, `up:<id>` or `down:<id>`.
pub async fn products(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<CollectionId>, fields: Fields) -> PageResult {
    let at = app.now();
    let (what, product) = fields.get("do").split_once(':').ok_or(AppError::NotFound)?;
    let product: ProductId = product.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    store::lock_collection(&mut *tx, id).await?;
    let before: Vec<ProductId> = store::members(&mut *tx, id, frame.site.language).await?.into_iter().map(|(id, ..)| id).collect();
    let mut after = before.clone();
    match what {
        // What was removed comes back to where it was.
        "add" if !after.contains(&product) => after.insert(fields.get("at").parse().unwrap_or(after.len()).min(after.len()), product),
        "remove" => after.retain(|other| *other != product),
        "up" | "down" => after = move_product(after, product, what == "up"),
        _ => {}
    }
    if after != before {
        set_products(&mut tx, id, &after, at).await?;
        staff::audit(&mut *tx, staff.actor(), "update products", "collection", &id.to_string(), Some(json!(before)), Some(json!(after)), at).await?;
    }
    tx.commit().await?;
    app.changed().await;
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", fields.get("q")).finish();
    let to = if fields.get("q").is_empty() { path(id) } else { format!("{}?{query}", path(id)) };
    let place = before.iter().position(|other| *other == product).filter(|_| what == "remove");
    let Some(place) = place else { return Ok(frame.see_other_saying(&to, "catalog-desk-collection")) };
    let undo = Undo::new(format!("{}/products", path(id))).with("do", format!("add:{product}")).with("at", place.to_string());
    Ok(frame.see_other_undoable(&to, "catalog-desk-removed", &undo))
}
