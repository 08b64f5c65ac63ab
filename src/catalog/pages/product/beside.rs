//! What the page of a product shows below it: its companions, else others of its collection.

use sqlx::PgConnection;

use crate::catalog::pages::shelf::{CardView, Shelf};
use crate::catalog::{CollectionLink, Product};
use crate::search;
use crate::search::Which;
use crate::web::AppError;
use crate::web::frame::Reads;

/// As many as a product can have companions.
const MOST: i64 = 8;

/// A list below the product.
#[derive(Default)]
pub struct Beside {
    /// The merchant chose them.
    pub are_companions: bool,
    pub cards: Vec<CardView>,
}

/// One statement, and none where there is nothing to choose from.
pub async fn beside(
    db: &mut PgConnection,
    shelf: &Shelf,
    product: &Product,
    through: Option<&CollectionLink>,
    reads: &mut Reads,
) -> Result<Beside, AppError> {
    reads.tag(format!("companions:{}", product.id));
    // Those that are not shown now may be after the next change.
    product.companions.iter().for_each(|companion| reads.tag(format!("product:{companion}")));
    let collection = through.map(|link| link.id);
    if product.companions.is_empty() && collection.is_none() {
        return Ok(Beside::default());
    }
    let which = Which::Beside { product: product.id, companions: product.companions.clone(), collection };
    let listing = search::listing(db, &shelf.query(which, MOST, 1), shelf.as_of).await?;
    reads.ends(listing.until);
    let are_companions = listing.cards.first().is_some_and(|card| product.companions.contains(&card.product));
    if !are_companions {
        listing.cards.iter().for_each(|card| reads.tag(format!("product:{}", card.product)));
    }
    // They stand below what the page is about.
    let cards = listing.cards.into_iter().map(|card| shelf.card(card, usize::MAX)).collect();
    Ok(Beside { are_companions, cards })
}
