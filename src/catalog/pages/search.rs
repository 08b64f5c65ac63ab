//! What the shop has for some words. Never indexed: the pages it leads to are.

use askama::Template;
use axum::extract::{RawQuery, State};

use super::shelf::{CardView, Shelf};
use super::{page_number, parameter};
use crate::app::App;
use crate::catalog;
use crate::catalog::CollectionTile;
use crate::search;
use crate::search::{PAGE_SIZE, Which};
use crate::web::filters;
use crate::web::{AppError, Frame, Meta, PageResult};

#[derive(Template)]
#[template(path = "catalog/search.html")]
struct Search {
    words: String,
    cards: Vec<CardView>,
    total: i64,
    page: i64,
    pages: i64,
    /// Somewhere to go where nothing was found.
    tiles: Vec<CollectionTile>,
}

impl Search {
    fn page_path(&self, page: i64) -> String {
        let words: String = form_urlencoded::byte_serialize(self.words.as_bytes()).collect();
        format!("/search?q={words}&page={page}")
    }
}

pub async fn show(State(app): State<App>, frame: Frame, RawQuery(query): RawQuery) -> PageResult {
    let page = page_number(query.as_deref()).ok_or(AppError::NotFound)?;
    let words: String = parameter(query.as_deref(), "q").unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
    let words = words.trim().to_owned();
    let shelf = Shelf::of(&app, &frame)?;
    let mut reads = shelf.rules_until();
    let (mut cards, mut total, mut pages) = (Vec::new(), 0, 1);
    if !words.is_empty() {
        let listing = search::listing(&app.db, &shelf.query(Which::Words(words.clone()), PAGE_SIZE, page), shelf.as_of).await?;
        if listing.is_past_the_end() {
            return Err(AppError::NotFound);
        }
        reads = shelf.reads(&listing);
        (total, pages) = (listing.total, listing.pages());
        cards = shelf.cards(listing);
    }
    reads.tag("listing");
    let tiles = if cards.is_empty() { catalog::collections(&app.db, shelf.language, shelf.market().id, shelf.as_of).await? } else { Vec::new() };
    let title = frame.text("catalog-search-title");
    let meta = Meta { title: if words.is_empty() { title } else { format!("{words} – {title}") }, is_private: true, ..Meta::default() };
    frame.public(meta, Search { words, cards, total, page, pages, tiles }, reads)
}
