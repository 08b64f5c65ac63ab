//! The list of collections, and one collection page by page.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::filters::{Filters, Place};
use super::shelf::{CardView, Shelf};
use super::{moved, page_number};
use crate::app::App;
use crate::base::Handle;
use crate::catalog;
use crate::catalog::{Collection, CollectionTile};
use crate::search;
use crate::search::{Filter, PAGE_SIZE, Which};
use crate::seo::structured;
use crate::web::filters;
use crate::web::jsonld::JsonLd;
use crate::web::{AppError, Frame, Meta, PageResult, markdown};

#[derive(Template)]
#[template(path = "catalog/collections.html")]
struct Collections {
    tiles: Vec<CollectionTile>,
}

pub async fn list(State(app): State<App>, frame: Frame) -> PageResult {
    let shelf = Shelf::of(&app, &frame)?;
    let mut db = app.reading().await?;
    let tiles = catalog::collections(&mut *db, shelf.language, shelf.market().id, shelf.as_of).await?;
    let mut reads = shelf.rules_until();
    // When a product appears or leaves is known to the list of all.
    let newest = search::listing(&mut *db, &shelf.query(Which::Newest, 1, 1), shelf.as_of).await?;
    reads.ends(newest.until);
    reads.tag("listing");
    for tile in &tiles {
        reads.tag(format!("collection:{}", tile.id));
    }
    let title = frame.text("catalog-collections-title");
    let names: Vec<&str> = tiles.iter().map(|tile| tile.title.as_str()).collect();
    let trail = [(frame.text("catalog-trail-home"), frame.site.url("")), (title.clone(), frame.site.url("/collections"))];
    let urls: Vec<String> = tiles.iter().map(|tile| frame.site.url(&format!("/collections/{}", tile.handle))).collect();
    let meta = Meta {
        description: markdown::excerpt(&format!("{title}: {}.", names.join(", ")), 155),
        title,
        canonical: "/collections".into(),
        image: tiles.iter().find_map(|tile| tile.picture.as_ref()).and_then(|picture| picture.for_head(&frame.site.origin)),
        jsonld: vec![JsonLd::new(&structured::breadcrumb(&trail)), JsonLd::new(&structured::item_list(&urls))],
        ..Meta::default()
    };
    frame.public(meta, Collections { tiles }, reads)
}

#[derive(Template)]
#[template(path = "catalog/collection.html")]
struct CollectionView {
    collection: Collection,
    cards: Vec<CardView>,
    filters: Filters,
    total: i64,
    page: i64,
    pages: i64,
}

impl CollectionView {
    /// The address of a page of this collection; the first has no number.
    fn page_path(&self, page: i64) -> String {
        self.filters.page_path(page)
    }
}

fn path_of(handle: &Handle, page: i64) -> String {
    Place::of(format!("/collections/{handle}")).path(&Filter::default(), page)
}

pub async fn show(State(app): State<App>, frame: Frame, Path(handle): Path<String>, RawQuery(query): RawQuery) -> PageResult {
    let page = page_number(query.as_deref()).ok_or(AppError::NotFound)?;
    let handle = Handle::parse(&handle).ok_or(AppError::NotFound)?;
    let shelf = Shelf::of(&app, &frame)?;
    let filter = Filter::read(query.as_deref().unwrap_or_default(), shelf.market().price_list.currency);
    let mut db = app.reading().await?;
    let collection = catalog::collection_by_handle(&mut *db, shelf.language, &handle).await?.ok_or(AppError::NotFound)?;
    if collection.handle != handle {
        return Ok(moved(&frame.site, &path_of(&collection.handle, page)));
    }
    let asked = shelf.query_of(Which::Collection(collection.id), &filter, PAGE_SIZE, page);
    let listing = search::listing(&mut *db, &asked, shelf.as_of).await?;
    if listing.is_past_the_end() {
        return Err(AppError::NotFound);
    }
    let (total, pages) = (listing.total, listing.pages());
    let mut reads = shelf.reads(&listing);
    reads.tag(format!("collection:{}", collection.id));
    let urls: Vec<String> = listing.cards.iter().map(|card| frame.site.url(&format!("/products/{}", card.handle))).collect();
    let path = path_of(&handle, page);
    let trail = [
        (frame.text("catalog-trail-home"), frame.site.url("")),
        (frame.text("catalog-collections-title"), frame.site.url("/collections")),
        (collection.title.clone(), frame.site.url(&path_of(&handle, 1))),
    ];
    let about = markdown::plain(&collection.description_html);
    let sentence =
        crate::web::words::text(shelf.language, "catalog-collection-about", &[("what", collection.title.clone().into()), ("count", total.into())]);
    let numbered = |text: &str| {
        let number = crate::web::words::text(shelf.language, "catalog-collection-page", &[("number", page.to_string().into())]);
        if page == 1 { text.to_owned() } else { format!("{text} – {number}") }
    };
    let meta = Meta {
        title: numbered(&collection.title),
        description: numbered(&if about.is_empty() { sentence } else { markdown::excerpt(&about, 140) }),
        // What was chosen or sorted is a view of the whole, which is found instead; robots.txt keeps robots from the many.
        canonical: if filter == Filter::default() { path } else { path_of(&handle, 1) },
        image: collection
            .picture
            .as_ref()
            .or_else(|| listing.cards.iter().find_map(|card| card.pictures.first()))
            .and_then(|picture| picture.for_head(&frame.site.origin)),
        // An empty shelf is a page, but nothing to find it for.
        is_private: total == 0,
        is_fallback: !shelf.is_in_all(&collection.languages),
        jsonld: vec![JsonLd::new(&structured::breadcrumb(&trail)), JsonLd::new(&structured::item_list(&urls))],
        ..Meta::default()
    };
    let filters = Filters::of(&shelf, Place::of(format!("/collections/{handle}")), &filter, query.as_deref().unwrap_or_default(), &listing);
    let view = CollectionView { cards: shelf.cards(listing), collection, filters, total, page, pages };
    // A choice that nothing meets is a page to go back from, and none to keep.
    if total == 0 && filter.is_narrow() {
        return frame.page_with(StatusCode::NOT_FOUND, meta, view);
    }
    frame.public(meta, view, reads)
}
