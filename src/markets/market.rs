//! A market and its pairs.

use crate::base::{Country, Currency, Language, MarketId, PriceListId};

/// Countries that see the same prices in the same currency.
#[derive(Debug, Clone)]
pub struct Market {
    pub id: MarketId,
    pub code: String,
    pub name: String,
    pub currency: Currency,
    /// Whose tax the pages of this market show.
    pub display_country: Country,
    pub countries: Vec<Country>,
    pub pairs: Vec<Pair>,
    pub price_list: PriceList,
}

/// One (market, language): owner of a prefix of the address space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub market: MarketId,
    pub language: Language,
    /// `""` or `/de`.
    pub prefix: String,
    pub hreflang: String,
}

/// The list that a market's prices stand on; whether they contain tax is its property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceList {
    pub id: PriceListId,
    pub currency: Currency,
    pub includes_tax: bool,
}

impl Market {
    pub fn sells_to(&self, country: Country) -> bool {
        self.countries.contains(&country)
    }

    /// The countries it sells to, as a list to choose from.
    pub fn countries_by_name(&self) -> Vec<Country> {
        let mut countries = self.countries.clone();
        countries.sort_by_key(|country| country.name());
        countries
    }
}
