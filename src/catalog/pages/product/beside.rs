//! What the page of a product shows below it: its companions, else others of its collection.

use crate::app::App;
use crate::catalog::pages::shelf::{CardView, Shelf};
use crate::catalog::{CollectionLink, Product};
use crate::search;
use crate::search::Which;
use crate::web::AppError;
use crate::web::frame::Reads;

/// Others of the collection that are shown.
const RELATED: usize = 4;
/// Cards that are asked for: as many as a product can have companions.
const ASKED: i64 = 8;

/// A list below the product.
#[derive(Default)]
pub struct Beside {
    /// The merchant chose them.
    pub are_companions: bool,
    pub cards: Vec<CardView>,
}

/// One statement, and none where there is nothing to choose from.
pub async fn beside(app: &App, shelf: &Shelf, product: &Product, through: Option<&CollectionLink>, reads: &mut Reads) -> Result<Beside, AppError> {
    reads.tag(format!("companions:{}", product.id));
    // Those that are not shown now may be after the next change.
    product.companions.iter().for_each(|companion| reads.tag(format!("product:{companion}")));
    let collection = through.map(|link| link.id);
    let which = match collection {
        _ if !product.companions.is_empty() => Which::Chosen(product.companions.clone(), collection),
        Some(collection) => Which::Collection(collection),
        None => return Ok(Beside::default()),
    };
    let listing = search::listing(&app.db, &shelf.query(which, ASKED, 1), shelf.as_of).await?;
    reads.ends(listing.until);
    let are_companions = listing.cards.first().is_some_and(|card| product.companions.contains(&card.product));
    let mut cards = listing.cards;
    if !are_companions {
        cards.retain(|card| card.product != product.id);
        cards.truncate(RELATED);
        cards.iter().for_each(|card| reads.tag(format!("product:{}", card.product)));
    }
    // They stand below what the page is about.
    let cards = cards.into_iter().map(|card| shelf.card(card, usize::MAX)).collect();
    Ok(Beside { are_companions, cards })
}
