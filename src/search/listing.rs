//! A page of products as lists show them.

use super::filter::{Facets, Filter};
use crate::base::{CollectionId, Currency, Handle, Instant, Language, MarketId, Money, PriceListId, ProductId};
use crate::catalog::Picture;
use crate::inventory::Shown;

/// Cards on a full page.
pub const PAGE_SIZE: i64 = 24;
/// Others of a product's collection that are shown below it.
pub const RELATED: i64 = 4;

/// Which products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those of a collection, in its order.
    Collection(CollectionId),
    /// What stands below a product: its companions in their order; where none of them is shown, the first [`RELATED`] others of
    /// the collection. What comes after a page is not counted.
    Beside { product: ProductId, companions: Vec<ProductId>, collection: Option<CollectionId> },
    /// Those that the words mean, best first.
    Words(String),
    /// All, newest first. What comes after a page is not counted.
    Newest,
    /// Those of which most left the house from the first instant up to the second, most first.
    Best(Instant, Instant),
}

/// A question about products that a market shows and sells.
#[derive(Debug, Clone)]
pub struct Query {
    pub language: Language,
    pub market: MarketId,
    pub price_list: PriceListId,
    pub which: Which,
    /// What of them; `None` where nothing is chosen and the list says nothing of what could be.
    pub filter: Option<Filter>,
    /// What the filter's prices are in the price list, in minor units.
    pub prices: (Option<i64>, Option<i64>),
    pub page_size: i64,
    /// From 1.
    pub page: i64,
}

/// A product in a list.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Card {
    pub product: ProductId,
    pub handle: Handle,
    pub title: String,
    pub vendor: String,
    pub tax_class: String,
    /// The first, and a second look where there is one.
    pub pictures: Vec<Picture>,
    /// Number of the first variant that the filter means; `None` where no option was chosen.
    pub variant: Option<i64>,
    price_from: i64,
    price_to: i64,
    /// What the cheapest variant cost before.
    compare_at: Option<i64>,
    available: i64,
    is_endless: bool,
    sells_when_empty: bool,
}

impl Card {
    /// The lowest price, as the list has it.
    pub const fn from(&self, currency: Currency) -> Money {
        Money::new(self.price_from, currency)
    }

    /// Do its variants differ in price?
    pub const fn has_range(&self) -> bool {
        self.price_to > self.price_from
    }

    /// What the cheapest variant cost before, as the list has it.
    pub fn was(&self, currency: Currency) -> Option<Money> {
        self.compare_at.filter(|was| *was > self.price_from).map(|was| Money::new(was, currency))
    }

    /// Of all variants together.
    pub fn availability(&self, low_stock: i32) -> Shown {
        Shown::of(self.available, !self.is_endless, self.sells_when_empty, low_stock)
    }
}

/// A page of cards.
#[derive(Debug, Clone)]
pub struct Listing {
    pub cards: Vec<Card>,
    /// Of all pages, where they are counted.
    pub total: i64,
    pub page: i64,
    pub page_size: i64,
    /// What could be chosen, where it was asked for.
    pub facets: Facets,
    /// When any price or publication of the market next begins or ends: the list may then be another.
    pub until: Option<Instant>,
}

impl Listing {
    /// Pages that have something on them; the first is always there.
    pub const fn pages(&self) -> i64 {
        let full = (self.total + self.page_size - 1) / self.page_size;
        if full < 1 { 1 } else { full }
    }

    /// Is the page asked for one that does not exist?
    pub const fn is_past_the_end(&self) -> bool {
        self.page > self.pages()
    }
}
