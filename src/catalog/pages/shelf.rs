//! How the pages of one market and language write products: prices with the display country's tax, cards, head lines.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::app::App;
use crate::base::{Instant, Language, Money};
use crate::catalog::Picture;
use crate::inventory::Shown;
use crate::markets::Market;
use crate::pricing::Rules;
use crate::search::{Card, Filter, Listing, Query, Which};
use crate::seo::structured::Shop;
use crate::web::frame::Reads;
use crate::web::jsonld::JsonLd;
use crate::web::{AppError, Frame, assets, filters};

/// A product as lists show it.
pub struct CardView {
    pub path: String,
    pub title: String,
    pub picture: Option<Picture>,
    /// Another look, for who points at the card.
    pub second: Option<Picture>,
    pub price: String,
    pub was: Option<String>,
    pub has_range: bool,
    pub availability: Shown,
    /// Among the first of its page: loaded at once.
    pub is_early: bool,
}

/// The rules and the market of a request.
pub struct Shelf {
    pub rules: Arc<Rules>,
    market: usize,
    pub language: Language,
    pub as_of: Instant,
}

impl Shelf {
    /// `NotFound` where the shop has no market yet.
    pub fn of(app: &App, frame: &Frame) -> Result<Self, AppError> {
        let rules = app.rules();
        let market =
            rules.markets.iter().position(|market| market.pairs.iter().any(|pair| pair.prefix == frame.site.prefix)).ok_or(AppError::NotFound)?;
        Ok(Self { rules, market, language: frame.site.language, as_of: frame.as_of })
    }

    pub fn market(&self) -> &Market {
        &self.rules.markets[self.market]
    }

    /// An amount of the price list as pages show it.
    pub fn shown(&self, amount: Money, tax_class: &str) -> Money {
        let market = self.market();
        self.rules.shown(market, amount, tax_class, market.display_country, self.as_of)
    }

    pub fn written(&self, amount: Money) -> String {
        filters::written(amount, self.language)
    }

    /// The question for a page of products.
    pub fn query(&self, which: Which, page_size: i64, page: i64) -> Query {
        let market = self.market();
        Query {
            language: self.language,
            market: market.id,
            price_list: market.price_list.id,
            which,
            filter: None,
            prices: (None, None),
            page_size,
            page,
        }
    }

    /// The same, of those that a filter keeps.
    pub fn query_of(&self, which: Which, filter: &Filter, page_size: i64, page: i64) -> Query {
        let listed = |amount: Option<Decimal>, up: bool| amount.map(|amount| self.listed_minor(amount, up));
        let prices = (listed(filter.least, true), listed(filter.most, false));
        Query { filter: Some(filter.clone()), prices, ..self.query(which, page_size, page) }
    }

    /// The listed price that pages show as this amount of whole units, or the nearest on the side asked for. Where prices
    /// are listed without tax, the standard rate is taken out of it.
    fn listed_minor(&self, amount: Decimal, up: bool) -> i64 {
        const STEP: i64 = 1_000_000;
        let currency = self.market().price_list.currency;
        let shown = self.shown(Money::new(STEP, currency), "standard").minor().max(1);
        let minor = amount * Decimal::from(10_i64.pow(currency.exponent())) * Decimal::from(STEP) / Decimal::from(shown);
        (if up { minor.ceil() } else { minor.floor() }).to_i64().unwrap_or(i64::MAX)
    }

    pub fn card(&self, card: Card, place: usize) -> CardView {
        let currency = self.market().price_list.currency;
        let written = |amount: Money| self.written(self.shown(amount, &card.tax_class));
        let mut pictures = card.pictures.iter().cloned();
        CardView {
            path: card.variant.map_or_else(|| format!("/products/{}", card.handle), |number| format!("/products/{}?variant={number}", card.handle)),
            price: written(card.from(currency)),
            was: card.was(currency).map(written),
            has_range: card.has_range(),
            availability: card.availability(self.rules.shop.low_stock),
            is_early: place < 4,
            picture: pictures.next(),
            second: pictures.next(),
            title: card.title,
        }
    }

    pub fn cards(&self, listing: Listing) -> Vec<CardView> {
        listing.cards.into_iter().enumerate().map(|(place, card)| self.card(card, place)).collect()
    }

    /// When taxes or ways of delivery of the market next change.
    pub fn rules_until(&self) -> Reads {
        let mut reads = Reads::default();
        reads.ends(self.rules.tax.next_change(self.market().display_country, self.as_of));
        reads.ends(self.rules.delivery.next_change(self.as_of));
        reads
    }

    /// What a page with these cards read.
    pub fn reads(&self, listing: &Listing) -> Reads {
        let mut reads = self.rules_until();
        reads.tag("listing");
        reads.ends(listing.until);
        for card in &listing.cards {
            reads.tag(format!("product:{}", card.product));
        }
        reads
    }

    /// Does a page exist under the same path in every pair? Else it has no alternates to name.
    pub fn is_in_all(&self, languages: &[Language]) -> bool {
        self.rules.markets.iter().flat_map(|market| &market.pairs).all(|pair| languages.contains(&pair.language))
    }

    /// A document of structured data about the shop.
    pub fn structured(&self, frame: &Frame, build: impl FnOnce(&Shop<'_>) -> serde_json::Value) -> JsonLd {
        let (url, logo) = (frame.site.url(""), assets::href("img/icon.svg").unwrap_or_default());
        let logo = format!("{}{logo}", frame.site.origin);
        JsonLd::new(&build(&Shop { settings: &self.rules.shop, market: self.market(), origin: &frame.site.origin, url: &url, logo: &logo }))
    }
}
