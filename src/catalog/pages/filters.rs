//! What can be chosen of a list, as links: every choice is an address of its own, and nothing needs a script (SEA05).

use rust_decimal::Decimal;

use super::shelf::Shelf;
use crate::base::Money;
use crate::search::{Filter, Listing, Sort, Switch};

/// The list that is narrowed down: its path, and what its query holds besides (the words of a search).
pub struct Place {
    path: String,
    fixed: String,
}

impl Place {
    pub const fn of(path: String) -> Self {
        Self { path, fixed: String::new() }
    }

    /// The results of a search.
    pub fn of_words(words: &str) -> Self {
        Self { path: "/search".into(), fixed: form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish() }
    }

    /// Words of the order that the list has by itself.
    const fn given(&self) -> &'static str {
        if self.fixed.is_empty() { "catalog-sort-given" } else { "catalog-sort-fitting" }
    }

    /// The address of a page of a choice; the first page has no number.
    pub fn path(&self, filter: &Filter, page: i64) -> String {
        let mut query = self.fixed.clone();
        let page = if page == 1 { String::new() } else { format!("page={page}") };
        for part in [filter.query(), page].iter().filter(|part| !part.is_empty()) {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(part);
        }
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

/// A choice as a link: to it, or back from it.
pub struct ChoiceView {
    pub label: String,
    pub path: String,
    /// Products there would be.
    pub count: i64,
    pub is_chosen: bool,
    /// Its colour, where the shop has named one.
    pub swatch: Option<String>,
}

/// An option with its values.
pub struct FacetView {
    pub name: String,
    pub values: Vec<ChoiceView>,
}

impl FacetView {
    /// How many of its values are chosen.
    pub fn chosen(&self) -> usize {
        self.values.iter().filter(|value| value.is_chosen).count()
    }
}

/// From how much up to how much, as a form: its other fields keep the rest of the choice.
pub struct PriceView {
    pub action: String,
    pub kept: Vec<(String, String)>,
    pub least: String,
    pub most: String,
    /// The same as amounts, empty where there is no bound.
    pub least_written: String,
    pub most_written: String,
    /// The lowest and highest price that there is.
    pub cheapest: String,
    pub dearest: String,
    pub currency: String,
    pub is_chosen: bool,
    /// The same at any price.
    pub without: String,
}

/// All that can be chosen.
pub struct Filters {
    place: Place,
    filter: Filter,
    pub facets: Vec<FacetView>,
    /// Where prices differ.
    pub price: Option<PriceView>,
    /// (key of its words, choice)
    pub switches: Vec<(&'static str, ChoiceView)>,
    /// (key of its words, choice)
    pub sorts: Vec<(&'static str, ChoiceView)>,
    /// What was typed as a price and is none.
    pub no_price: Option<String>,
}

impl Filters {
    /// `query` is that of the address, which `filter` was read from.
    pub fn of(shelf: &Shelf, place: Place, filter: &Filter, query: &str, listing: &Listing) -> Self {
        let mut facets: Vec<FacetView> = Vec::new();
        for choice in &listing.facets.choices {
            let value = ChoiceView {
                path: place.path(&filter.toggled(&choice.option, &choice.value), 1),
                count: choice.count,
                is_chosen: filter.has(&choice.option, &choice.value),
                swatch: shelf.rules.shop.swatches.get(&choice.value).cloned(),
                label: choice.value.clone(),
            };
            match facets.iter_mut().find(|facet| facet.name.to_lowercase() == choice.option.to_lowercase()) {
                Some(facet) => facet.values.push(value),
                None => facets.push(FacetView { name: choice.option.clone(), values: vec![value] }),
            }
        }
        // One value is no choice, unless it was made.
        facets.retain(|facet| facet.values.len() > 1 || facet.chosen() > 0);
        facets.sort_by_key(|facet| facet.name.to_lowercase());
        let plain = |path: String, count: i64, is_chosen: bool| ChoiceView { label: String::new(), path, count, is_chosen, swatch: None };
        let switch = |switch: Switch, key: &'static str, count: i64| {
            let is_on = filter.is_on(switch);
            (is_on || count > 0 && count < listing.total).then(|| (key, plain(place.path(&filter.turned(switch), 1), count, is_on)))
        };
        let switches = [
            switch(Switch::Available, "catalog-filter-available", listing.facets.available),
            switch(Switch::Reduced, "catalog-filter-sale", listing.facets.reduced),
        ];
        let sort = |sort: Sort| {
            let key = match sort {
                Sort::Given => place.given(),
                Sort::Newest => "catalog-sort-newest",
                Sort::Cheapest => "catalog-sort-cheapest",
                Sort::Dearest => "catalog-sort-dearest",
            };
            (key, plain(place.path(&filter.sorted(sort), 1), 0, filter.sort == sort))
        };
        let sorts = Sort::ALL.into_iter().map(sort).collect();
        let price = price(shelf, &place, filter, listing);
        let no_price = Filter::no_price(query, shelf.market().price_list.currency);
        Self { facets, price, switches: switches.into_iter().flatten().collect(), sorts, no_price, filter: filter.clone(), place }
    }

    pub fn page_path(&self, page: i64) -> String {
        self.place.path(&self.filter, page)
    }

    /// The whole list, in the same order.
    pub fn whole_path(&self) -> String {
        self.place.path(&Filter::default().sorted(self.filter.sort), 1)
    }

    pub fn is_narrow(&self) -> bool {
        self.filter.is_narrow()
    }

    /// Words of the order chosen.
    pub fn sort_key(&self) -> &'static str {
        self.sorts.iter().find(|(_, sort)| sort.is_chosen).map_or_else(|| self.place.given(), |(key, _)| key)
    }
}

/// Asks for a price where there is more than one, or one was asked for.
fn price(shelf: &Shelf, place: &Place, filter: &Filter, listing: &Listing) -> Option<PriceView> {
    let (cheapest, dearest) = (listing.facets.cheapest?, listing.facets.dearest?);
    if cheapest == dearest && !filter.is_priced() {
        return None;
    }
    let currency = shelf.market().price_list.currency;
    let written = |minor: i64| shelf.written(shelf.shown(Money::new(minor, currency), "standard"));
    let one = Decimal::from(10_i64.pow(currency.exponent()));
    let chosen = |amount: Option<Decimal>| amount.map(|amount| shelf.written(Money::from_exact_minor(amount * one, currency))).unwrap_or_default();
    let typed = |amount: Option<Decimal>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    let without = place.path(&filter.at_any_price(), 1);
    let (action, kept) = without.split_once('?').map_or((without.clone(), ""), |(action, kept)| (action.to_owned(), kept));
    Some(PriceView {
        kept: form_urlencoded::parse(kept.as_bytes()).into_owned().collect(),
        action,
        least: typed(filter.least),
        most: typed(filter.most),
        least_written: chosen(filter.least),
        most_written: chosen(filter.most),
        cheapest: written(cheapest),
        dearest: written(dearest),
        currency: currency.to_string(),
        is_chosen: filter.is_priced(),
        without,
    })
}
