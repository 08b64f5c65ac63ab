//! The living page of the shop's components in every state, for whoever designs with them. Only in development builds; what it
//! shows is described in `docs/design.md`.

use askama::Template;
use axum::extract::State;

use super::filters::{Filters, Place};
use super::shelf::{CardView, Shelf};
use crate::app::App;
use crate::inventory::Shown;
use crate::search;
use crate::search::{Filter, Query, Which};
use crate::web::filters;
use crate::web::{Frame, Meta, PageResult};

#[derive(Template)]
#[template(path = "catalog/design.html")]
struct Design {
    /// As they are, on sale, low, sold out, made to order.
    cards: Vec<CardView>,
    filters: Filters,
    colours: [&'static str; 18],
}

pub async fn show(State(app): State<App>, frame: Frame) -> PageResult {
    let shelf = Shelf::of(&app, &frame)?;
    let filter = Filter::read("f.colour=chalk&sale=yes", shelf.market().price_list.currency);
    let found =
        search::listing(&app.db, &Query { filter: Some(filter.clone()), ..shelf.query(Which::Words("glaze".into()), 1, 1) }, shelf.as_of).await?;
    let newest = search::listing(&app.db, &shelf.query(Which::Newest, 5, 1), shelf.as_of).await?;
    let filters = Filters::of(&shelf, Place::of("/design".into()), &filter, "", &found);
    let mut cards = shelf.cards(newest);
    let states = [Shown::InStock, Shown::InStock, Shown::Low(2), Shown::SoldOut, Shown::ToOrder];
    for (card, state) in cards.iter_mut().zip(states) {
        card.was = None;
        card.availability = state;
    }
    if let Some(card) = cards.get_mut(1) {
        card.was = Some(card.price.clone());
    }
    let colours = [
        "paper",
        "raised",
        "sunken",
        "ink",
        "soft",
        "line",
        "edge-line",
        "glaze",
        "glaze-deep",
        "glaze-wash",
        "on-glaze",
        "band",
        "good",
        "good-wash",
        "warn",
        "warn-wash",
        "bad",
        "bad-wash",
    ];
    frame.page(Meta { title: "Components".into(), is_private: true, ..Meta::default() }, Design { cards, filters, colours })
}
