//! The home page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::shelf::{CardView, Shelf};
use crate::app::App;
use crate::base::Instant;
use crate::catalog;
use crate::catalog::CollectionTile;
use crate::content;
use crate::content::{Home, Page};
use crate::search;
use crate::search::{Card, Which};
use crate::seo::structured;
use crate::web::filters;
use crate::web::{Frame, Meta, PageResult, markdown};

/// Products on the home page.
const NEWEST: i64 = 8;
/// Products that sold best, where there are so many; days that are looked at.
const BEST: i64 = 4;
const BEST_DAYS: i64 = 56;
/// Collections on the home page.
const FEATURED: usize = 6;
/// Articles on the home page.
const STORIES: i64 = 3;

#[derive(Template)]
#[template(path = "catalog/home.html")]
struct HomeView {
    heading: String,
    welcome: String,
    home: Arc<Home>,
    stories: Vec<Page>,
    tiles: Vec<CollectionTile>,
    cards: Vec<CardView>,
    best: Vec<CardView>,
}

pub async fn show(State(app): State<App>, frame: Frame) -> PageResult {
    let rules = app.rules();
    let shop = &rules.shop;
    let home = app.home();
    let heading = [&home.title, &shop.claim, &shop.name].into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
    let description = if shop.welcome.is_empty() { shop.claim.clone() } else { markdown::excerpt(&shop.welcome, 155) };
    let mut meta = Meta { description, ..Meta::default() };
    let shelf = Shelf::of(&app, &frame)?;
    let mut db = app.reading().await?;
    let mut tiles = catalog::collections(&mut *db, shelf.language, shelf.market().id, shelf.as_of).await?;
    let listing = search::listing(&mut *db, &shelf.query(Which::Newest, NEWEST, 1), shelf.as_of).await?;
    let mut reads = shelf.reads(&listing);
    tiles.truncate(FEATURED);
    for tile in &tiles {
        reads.tag(format!("collection:{}", tile.id));
    }
    let mut stories = Vec::new();
    if !home.blog.is_empty() {
        stories = content::articles(&mut *db, shelf.language, &home.blog, shelf.as_of, (STORIES, 0)).await?;
        stories.iter().for_each(|story| reads.tag(format!("page:{}", story.id)));
    }
    if let Some(picture) = &home.picture {
        meta.image = picture.for_head(&frame.site.origin);
    }
    meta.image =
        meta.image.or_else(|| listing.cards.iter().find_map(|card| card.pictures.first()).and_then(|picture| picture.for_head(&frame.site.origin)));
    meta.jsonld =
        vec![shelf.structured(&frame, |shop| structured::store(shop, &shelf.rules, shelf.as_of)), shelf.structured(&frame, structured::website)];
    // Counted up to the last midnight, so that the page holds until the next.
    let today = Instant::from_unix(shelf.as_of.unix().div_euclid(86_400) * 86_400);
    let best = search::listing(&mut *db, &shelf.query(Which::Best(today.plus_days(-BEST_DAYS), today), BEST, 1), shelf.as_of).await?;
    reads.ends(Some(today.plus_days(1)));
    best.cards.iter().for_each(|card| reads.tag(format!("product:{}", card.product)));
    // Both stand far below the opening picture. Fewer than a row are no best.
    let below = |cards: Vec<Card>| cards.into_iter().map(|card| CardView { is_early: false, ..shelf.card(card, 0) }).collect::<Vec<_>>();
    let (best, mut newest) = (if best.total < BEST { Vec::new() } else { best.cards }, listing.cards);
    if !best.is_empty() {
        // Nothing twice, and one row of each.
        newest.retain(|card| best.iter().all(|known| known.product != card.product));
        newest.truncate(usize::try_from(BEST).unwrap_or_default());
    }
    let (best, cards) = (below(best), below(newest));
    frame.public(meta, HomeView { heading, welcome: shop.welcome.clone(), home, stories, tiles, cards, best }, reads)
}
