//! A cart as it stands at an instant: what can be bought, what cannot and why, what changed since the visitor looked.

use sqlx::PgExecutor;

use super::store;
use crate::base::{CartId, CartLineId, Country, Currency, Instant, Language, MethodId, Money, ProductId, VariantId};
use crate::markets::Market;
use crate::pricing;
use crate::pricing::{Input, LineInput, Quote, Rules};

/// One line with everything that is known of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CartLine {
    pub id: CartLineId,
    pub variant_id: VariantId,
    pub qty: i32,
    /// The unit price the visitor saw last.
    pub seen_price_minor: Option<i64>,
    pub number: i64,
    pub product_id: ProductId,
    pub values: Vec<String>,
    pub sku: Option<String>,
    pub weight_grams: i32,
    pub requires_shipping: bool,
    pub is_tracked: bool,
    pub sells_when_empty: bool,
    pub hs_code: Option<String>,
    pub origin_country: Option<String>,
    pub cost_minor: Option<i64>,
    pub tax_class: String,
    pub title: String,
    pub handle: String,
    pub picture: Option<String>,
    pub picture_alt: String,
    pub amount_minor: Option<i64>,
    pub compare_at_minor: Option<i64>,
    pub available: i64,
    pub is_published: bool,
}

/// Can it be bought?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fine,
    /// No longer for sale.
    Gone,
    SoldOut,
    OnlyLeft(i64),
}

impl CartLine {
    pub fn state(&self) -> State {
        if !self.is_published || self.amount_minor.is_none() {
            State::Gone
        } else if !self.is_tracked || self.sells_when_empty || self.available >= i64::from(self.qty) {
            State::Fine
        } else if self.available <= 0 {
            State::SoldOut
        } else {
            State::OnlyLeft(self.available)
        }
    }

    pub fn is_fine(&self) -> bool {
        self.state() == State::Fine
    }

    pub fn only_left(&self) -> i64 {
        if let State::OnlyLeft(left) = self.state() { left } else { 0 }
    }

    pub fn is_sold_out(&self) -> bool {
        self.state() == State::SoldOut
    }

    pub fn is_gone(&self) -> bool {
        self.state() == State::Gone
    }

    pub fn variant_title(&self) -> String {
        self.values.join(" / ")
    }

    pub fn unit(&self, currency: Currency) -> Money {
        Money::new(self.amount_minor.unwrap_or(0), currency)
    }

    /// The price that was seen before, where it is another one now.
    pub fn old_price(&self, currency: Currency) -> Option<Money> {
        self.seen_price_minor.filter(|seen| self.amount_minor.is_some_and(|now| now != *seen)).map(|seen| Money::new(seen, currency))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Contents {
    pub lines: Vec<CartLine>,
}

impl Contents {
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Can the whole cart go to checkout as it is?
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(CartLine::is_fine)
    }

    pub fn buyable(&self) -> impl Iterator<Item = &CartLine> {
        self.lines.iter().filter(|line| !line.is_gone() && !line.is_sold_out())
    }
}

/// Reads a cart as of an instant.
pub async fn contents(db: impl PgExecutor<'_>, cart: CartId, language: Language, market: &Market, as_of: Instant) -> sqlx::Result<Contents> {
    Ok(Contents { lines: store::lines(db, cart, language, market.price_list.id, as_of).await? })
}

/// Prices what can be bought, for an address.
pub fn quote(
    rules: &Rules,
    market: &Market,
    contents: &Contents,
    country: Country,
    postcode: &str,
    method: Option<MethodId>,
    as_of: Instant,
) -> Option<Quote> {
    let currency = market.price_list.currency;
    let lines = contents
        .buyable()
        .map(|line| LineInput {
            variant: line.variant_id,
            qty: i64::from(line.qty),
            unit: line.unit(currency),
            tax_class: line.tax_class.clone(),
            weight_grams: i64::from(line.weight_grams),
            requires_shipping: line.requires_shipping,
        })
        .collect();
    pricing::quote(rules, &Input { market: market.id, country, postcode: postcode.to_owned(), lines, method }, as_of)
}
