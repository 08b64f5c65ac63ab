//! What the shop has for some words. Never indexed: the pages it leads to are.

use askama::Template;
use axum::extract::{RawQuery, State};

use super::filters::{Filters, Place};
use super::shelf::{CardView, Shelf};
use super::{page_number, parameter};
use crate::app::App;
use crate::catalog;
use crate::catalog::CollectionTile;
use crate::content;
use crate::search;
use crate::search::{Filter, PAGE_SIZE, Which};
use crate::web::filters;
use crate::web::{AppError, Frame, Meta, PageResult};

/// Products suggested while somebody types.
const SUGGESTED: i64 = 6;

/// Pages and articles shown beside what was found.
const MOST_TEXTS: i64 = 6;

#[derive(Template)]
#[template(path = "catalog/search.html")]
struct Search {
    words: String,
    cards: Vec<CardView>,
    filters: Option<Filters>,
    total: i64,
    page: i64,
    pages: i64,
    /// Somewhere to go where nothing was found.
    tiles: Vec<CollectionTile>,
    /// Pages and articles that speak of it.
    texts: Vec<content::Found>,
}

impl Search {
    fn page_path(&self, page: i64) -> String {
        self.filters.as_ref().map(|filters| filters.page_path(page)).unwrap_or_default()
    }
}

pub async fn show(State(app): State<App>, frame: Frame, RawQuery(query): RawQuery) -> PageResult {
    let page = page_number(query.as_deref()).ok_or(AppError::NotFound)?;
    let words = typed(query.as_deref());
    let shelf = Shelf::of(&app, &frame)?;
    let filter = Filter::read(query.as_deref().unwrap_or_default(), shelf.market().price_list.currency);
    let mut db = app.reading().await?;
    let mut reads = shelf.rules_until();
    let (mut cards, mut filters, mut total, mut pages) = (Vec::new(), None, 0, 1);
    if !words.is_empty() {
        let asked = shelf.query_of(Which::Words(words.clone()), &filter, PAGE_SIZE, page);
        let listing = search::listing(&mut *db, &asked, shelf.as_of).await?;
        if listing.is_past_the_end() {
            return Err(AppError::NotFound);
        }
        reads = shelf.reads(&listing);
        (total, pages) = (listing.total, listing.pages());
        filters = Some(Filters::of(&shelf, Place::of_words(&words), &filter, query.as_deref().unwrap_or_default(), &listing));
        cards = shelf.cards(listing);
    }
    reads.tag("listing");
    let is_narrow = filter.is_narrow();
    let mut texts = Vec::new();
    if !words.is_empty() && page == 1 && !is_narrow {
        let (found, next) = content::matching(&mut *db, shelf.language, &words, shelf.as_of, MOST_TEXTS).await?;
        found.iter().for_each(|text| reads.tag(format!("page:{}", text.id)));
        reads.ends(next);
        texts = found;
    }
    let tiles = if cards.is_empty() && !is_narrow {
        catalog::collections(&mut *db, shelf.language, shelf.market().id, shelf.as_of).await?
    } else {
        Vec::new()
    };
    tiles.iter().for_each(|tile| reads.tag(format!("collection:{}", tile.id)));
    let title = frame.text("catalog-search-title");
    let meta = Meta { title: if words.is_empty() { title } else { format!("{words} – {title}") }, is_private: true, ..Meta::default() };
    frame.public(meta, Search { words, cards, filters, total, page, pages, tiles, texts }, reads)
}

/// What was typed, at most 100 characters of it.
fn typed(query: Option<&str>) -> String {
    let words: String = parameter(query, "q").unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
    words.trim().to_owned()
}

/// Products and collections that what is being typed may mean.
#[derive(Template)]
#[template(path = "catalog/suggestions.html")]
struct Suggestions {
    cards: Vec<CardView>,
    tiles: Vec<CollectionTile>,
    total: i64,
    all: String,
}

/// A fragment without a frame, for the field in which somebody is typing.
pub async fn suggest(State(app): State<App>, frame: Frame, RawQuery(query): RawQuery) -> PageResult {
    let words = typed(query.as_deref());
    let shelf = Shelf::of(&app, &frame)?;
    let mut reads = shelf.rules_until();
    reads.tag("listing");
    let mut suggestions = Suggestions { cards: Vec::new(), tiles: Vec::new(), total: 0, all: Place::of_words(&words).path(&Filter::default(), 1) };
    if !words.is_empty() {
        let mut db = app.reading().await?;
        let listing = search::listing(&mut *db, &shelf.query(Which::Words(words.clone()), SUGGESTED, 1), shelf.as_of).await?;
        reads = shelf.reads(&listing);
        suggestions.total = listing.total;
        suggestions.cards = shelf.cards(listing);
        let tiles = catalog::collections(&mut *db, shelf.language, shelf.market().id, shelf.as_of).await?;
        let wanted = words.to_lowercase();
        suggestions.tiles = tiles.into_iter().filter(|tile| tile.title.to_lowercase().contains(&wanted)).take(3).collect();
        suggestions.tiles.iter().for_each(|tile| reads.tag(format!("collection:{}", tile.id)));
    }
    frame.fragment(suggestions, reads)
}
