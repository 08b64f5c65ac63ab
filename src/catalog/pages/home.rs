//! The home page.

use askama::Template;
use axum::extract::State;

use super::shelf::{CardView, Shelf, head_picture};
use crate::app::App;
use crate::catalog;
use crate::catalog::CollectionTile;
use crate::search;
use crate::search::Which;
use crate::seo::structured;
use crate::web::filters;
use crate::web::frame::Reads;
use crate::web::{Frame, Meta, PageResult, markdown};

/// Products on the home page.
const NEWEST: i64 = 8;
/// Collections on the home page.
const FEATURED: usize = 6;

#[derive(Template)]
#[template(path = "catalog/home.html")]
struct Home {
    heading: String,
    welcome: String,
    tiles: Vec<CollectionTile>,
    cards: Vec<CardView>,
}

pub async fn show(State(app): State<App>, frame: Frame) -> PageResult {
    let shop = &app.rules().shop;
    let heading = if shop.claim.is_empty() { shop.name.clone() } else { shop.claim.clone() };
    let description = if shop.welcome.is_empty() { shop.claim.clone() } else { markdown::excerpt(&shop.welcome, 155) };
    let mut meta = Meta { description, ..Meta::default() };
    let Ok(shelf) = Shelf::of(&app, &frame) else {
        return frame.public(meta, Home { heading, welcome: shop.welcome.clone(), tiles: Vec::new(), cards: Vec::new() }, Reads::default());
    };
    let mut tiles = catalog::collections(&app.db, shelf.language, shelf.market().id, shelf.as_of).await?;
    let listing = search::listing(&app.db, &shelf.query(Which::Newest, NEWEST, 1), shelf.as_of).await?;
    let mut reads = shelf.reads(&listing);
    tiles.truncate(FEATURED);
    for tile in &tiles {
        reads.tag(format!("collection:{}", tile.id));
    }
    meta.image = listing.cards.iter().find_map(|card| card.picture.as_ref()).and_then(|picture| head_picture(&frame, picture));
    meta.jsonld =
        vec![shelf.structured(&frame, |shop| structured::store(shop, &shelf.rules, shelf.as_of)), shelf.structured(&frame, structured::website)];
    let cards = shelf.cards(listing);
    frame.public(meta, Home { heading, welcome: shop.welcome.clone(), tiles, cards }, reads)
}
