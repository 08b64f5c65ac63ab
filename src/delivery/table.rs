//! Which methods reach an address, and what they cost.

use crate::base::{Country, Currency, Instant, MethodId, Money, ZoneId};

/// Up to so many grams (inclusive) for so much; no limit on the last band of a method without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Band(pub Option<i64>, pub i64);

#[derive(Debug, Clone)]
pub struct Zone {
    pub id: ZoneId,
    pub name: String,
    /// (country, postcode prefix); an empty prefix is the whole country.
    pub areas: Vec<(Country, String)>,
}

#[derive(Debug, Clone)]
pub struct Method {
    pub id: MethodId,
    pub zone: ZoneId,
    pub name: String,
    pub carrier: String,
    pub currency: Currency,
    pub bands: Vec<Band>,
    pub free_over: Option<Money>,
    /// A tax class, or `proportional`: shared over the goods' rates.
    pub tax_class: String,
    pub min_days: i32,
    pub max_days: i32,
    pub position: i32,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
    pub version: i32,
}

/// A method that reaches the address, with its price.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Offer {
    pub method: MethodId,
    pub name: String,
    pub carrier: String,
    pub price: Money,
    pub tax_class: String,
    pub min_days: i32,
    pub max_days: i32,
    /// Why it costs this.
    pub because: String,
    pub is_free_by_value: bool,
    /// The goods value from which it is free.
    pub free_over: Option<Money>,
}

/// Why a method is not offered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refusal {
    pub name: String,
    pub because: String,
}

#[derive(Debug, Clone, Default)]
pub struct DeliveryTable {
    zones: Vec<Zone>,
    methods: Vec<Method>,
}

impl DeliveryTable {
    pub const fn new(zones: Vec<Zone>, methods: Vec<Method>) -> Self {
        Self { zones, methods }
    }

    /// The zone of an address: the longest postcode prefix wins over the whole country.
    pub fn zone(&self, country: Country, postcode: &str) -> Option<&Zone> {
        let postcode: String = postcode.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        self.zones
            .iter()
            .flat_map(|zone| zone.areas.iter().map(move |(area, prefix)| (zone, area, prefix)))
            .filter(|(_, area, prefix)| **area == country && postcode.starts_with(prefix.as_str()))
            .max_by_key(|(_, _, prefix)| prefix.len())
            .map(|(zone, ..)| zone)
    }

    /// What reaches the address at `as_of`, cheapest position first, and why the rest does not.
    /// `goods` is the value after discounts. Rule and cases: shared data `vectors/shipping_rates.json`.
    pub fn offers(&self, country: Country, postcode: &str, grams: i64, goods: Money, as_of: Instant) -> (Vec<Offer>, Vec<Refusal>) {
        let (mut offers, mut refusals) = (Vec::new(), Vec::new());
        let Some(zone) = self.zone(country, postcode) else { return (offers, refusals) };
        for method in self.methods.iter().filter(|method| method.zone == zone.id) {
            let refuse = |because: String| Refusal { name: method.name.clone(), because };
            if method.from.is_some_and(|from| as_of < from) || method.until.is_some_and(|until| until <= as_of) {
                refusals.push(refuse("not offered at this time".into()));
            } else if method.currency != goods.currency() {
                refusals.push(refuse(format!("priced in {}", method.currency)));
            } else if let Some(Band(limit, minor)) = method.bands.iter().find(|band| band.0.is_none_or(|limit| grams <= limit)) {
                let is_free = method.free_over.is_some_and(|over| goods.minor() >= over.minor());
                let because = match (is_free, method.free_over, limit) {
                    (true, Some(over), _) => format!("goods of {goods} reach {over}: free"),
                    (_, _, Some(limit)) => format!("{grams} g are within {limit} g"),
                    _ => "flat rate".into(),
                };
                offers.push(Offer {
                    method: method.id,
                    name: method.name.clone(),
                    carrier: method.carrier.clone(),
                    price: Money::new(if is_free { 0 } else { *minor }, method.currency),
                    tax_class: method.tax_class.clone(),
                    min_days: method.min_days,
                    max_days: method.max_days,
                    because,
                    is_free_by_value: is_free,
                    free_over: method.free_over,
                });
            } else {
                refusals.push(refuse(format!("{grams} g are too heavy")));
            }
        }
        (offers, refusals)
    }

    /// Next instant at which a method begins or ends.
    pub fn next_change(&self, as_of: Instant) -> Option<Instant> {
        self.methods.iter().flat_map(|method| [method.from, method.until]).flatten().filter(|at| *at > as_of).min()
    }

    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DeliveryTable {
        let at = Instant::from_unix(0);
        let (mainland, islands) = (ZoneId::fresh(at), ZoneId::fresh(at));
        let spain = Country::parse("ES").expect("a country");
        let method = |zone, name: &str, bands, free_over| Method {
            id: MethodId::fresh(at),
            zone,
            name: name.into(),
            carrier: String::new(),
            currency: Currency::EUR,
            bands,
            free_over,
            tax_class: "standard".into(),
            min_days: 2,
            max_days: 4,
            position: 0,
            from: None,
            until: None,
            version: 1,
        };
        DeliveryTable::new(
            vec![
                Zone { id: mainland, name: "Spain".into(), areas: vec![(spain, String::new())] },
                Zone { id: islands, name: "Canaries".into(), areas: vec![(spain, "35".into()), (spain, "38".into())] },
            ],
            vec![
                method(mainland, "Post", vec![Band(Some(500), 499), Band(Some(2000), 899)], Some(Money::new(5000, Currency::EUR))),
                method(islands, "Ship", vec![Band(None, 1900)], None),
            ],
        )
    }

    #[test]
    fn the_longest_postcode_prefix_wins() {
        let spain = Country::parse("ES").expect("a country");
        let prices = |postcode: &str, grams, goods| {
            let (offers, _) = table().offers(spain, postcode, grams, Money::new(goods, Currency::EUR), Instant::from_unix(0));
            offers.into_iter().map(|offer| (offer.name, offer.price.minor())).collect::<Vec<_>>()
        };
        assert_eq!(prices("28001", 500, 100), [("Post".to_owned(), 499)]);
        assert_eq!(prices("28001", 501, 100), [("Post".to_owned(), 899)]);
        assert_eq!(prices("28001", 501, 5000), [("Post".to_owned(), 0)]);
        assert_eq!(prices("28001", 2001, 100), []);
        assert_eq!(prices("35 001", 9000, 100), [("Ship".to_owned(), 1900)]);
    }
}
