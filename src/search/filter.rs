//! What a visitor wants to see of a list, as its address says it, and what could be chosen (SEA04, SEA05).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::base::{Currency, Money};

/// Starts the parameters that choose values of an option: `f.colour=chalk~celadon`.
const OPTION: &str = "f.";
/// Between the values of one option.
const BETWEEN: char = '~';
/// Options and values that are looked at; more are no visitor's.
const MOST: usize = 24;
/// Parameters of the lowest and the highest price.
/// The largest amount that is looked for, in minor units.
const DEAREST: i64 = 100_000_000_000_000;
const LEAST: &str = "from";
const MOST_COSTLY: &str = "to";

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// As the merchant arranged it, or as well as the words fit.
    #[default]
    Given,
    Newest,
    Cheapest,
    Dearest,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Given, Self::Newest, Self::Cheapest, Self::Dearest];

    /// As addresses and words name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Newest => "newest",
            Self::Cheapest => "cheapest",
            Self::Dearest => "dearest",
        }
    }
}

/// A yes or no beside the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// Can be had now.
    Available,
    /// Costs less than before.
    Reduced,
}

impl Switch {
    pub const ALL: [Self; 2] = [Self::Available, Self::Reduced];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Reduced => "sale",
        }
    }
}

/// What is chosen. One choice has one address: names and values are in lower case, in order, once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Option → values, any of which will do; both in lower case.
    options: BTreeMap<String, BTreeSet<String>>,
    switches: BTreeSet<Switch>,
    /// The least and the most that a piece may cost, in whole units of the market's currency as its pages show prices.
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
    pub sort: Sort,
}

impl Filter {
    /// Reads the query of an address, with prices in a currency; what it does not know it leaves alone.
    pub fn read(query: &str, currency: Currency) -> Self {
        let mut filter = Self::default();
        // Trimmed last: what stood between a control character and the word would else stay, and the choice have two addresses.
        let plain = |text: &str| text.chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase).collect::<String>().trim().to_owned();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            if let Some(option) = key.strip_prefix(OPTION) {
                let option = plain(option);
                let values: BTreeSet<String> = value.split(BETWEEN).map(plain).filter(|value| !value.is_empty()).take(MOST).collect();
                if !option.is_empty() && !values.is_empty() && filter.options.len() < MOST {
                    filter.options.insert(option, values);
                }
            } else if key == "sort" {
                filter.sort = Sort::ALL.into_iter().find(|sort| sort.name() == value).unwrap_or_default();
            } else if key == LEAST {
                filter.least = amount(&value, currency);
            } else if key == MOST_COSTLY {
                filter.most = amount(&value, currency);
            } else if let Some(switch) = Switch::ALL.into_iter().find(|switch| switch.name() == key && value == "yes") {
                filter.switches.insert(switch);
            }
        }
        // Typed the wrong way round, they mean the same.
        if let (Some(least), Some(most)) = (filter.least, filter.most)
            && most < least
        {
            (filter.least, filter.most) = (Some(most), Some(least));
        }
        filter
    }

    /// The query that [`Self::read`] reads as this; empty where nothing is chosen.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (option, values) in &self.options {
            query.append_pair(&format!("{OPTION}{option}"), &values.iter().map(String::as_str).collect::<Vec<_>>().join(&BETWEEN.to_string()));
        }
        for switch in &self.switches {
            query.append_pair(switch.name(), "yes");
        }
        for (name, amount) in [(LEAST, self.least), (MOST_COSTLY, self.most)] {
            if let Some(amount) = amount {
                query.append_pair(name, &amount.to_string());
            }
        }
        if self.sort != Sort::default() {
            query.append_pair("sort", self.sort.name());
        }
        query.finish()
    }

    /// What an address gives as a price that is no amount of this currency.
    pub fn no_price(query: &str, currency: Currency) -> Option<String> {
        let is_none = |text: &str| !text.trim().is_empty() && amount(text, currency).is_none();
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, value)| (key == LEAST || key == MOST_COSTLY) && is_none(value))
            .map(|(_, value)| value.chars().filter(|c| !c.is_control()).take(40).collect())
    }

    /// Does it leave anything out?
    pub fn is_narrow(&self) -> bool {
        !self.options.is_empty() || !self.switches.is_empty() || self.is_priced()
    }

    /// Does it choose among variants, so that a card should show the one meant?
    pub fn is_of_options(&self) -> bool {
        !self.options.is_empty()
    }

    /// Is a price a condition?
    pub const fn is_priced(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }

    /// The same at any price.
    pub fn at_any_price(&self) -> Self {
        Self { least: None, most: None, ..self.clone() }
    }

    pub fn has(&self, option: &str, value: &str) -> bool {
        self.options.get(&option.to_lowercase()).is_some_and(|values| values.contains(&value.to_lowercase()))
    }

    pub fn is_on(&self, switch: Switch) -> bool {
        self.switches.contains(&switch)
    }

    /// The same with this value chosen, or no longer.
    pub fn toggled(&self, option: &str, value: &str) -> Self {
        let mut other = self.clone();
        let (option, value) = (option.to_lowercase(), value.to_lowercase());
        let values = other.options.entry(option.clone()).or_default();
        if !values.remove(&value) {
            values.insert(value);
        }
        if values.is_empty() {
            other.options.remove(&option);
        }
        other
    }

    /// The same with the switch turned.
    pub fn turned(&self, switch: Switch) -> Self {
        let mut other = self.clone();
        if !other.switches.remove(&switch) {
            other.switches.insert(switch);
        }
        other
    }

    /// The same in another order.
    pub fn sorted(&self, sort: Sort) -> Self {
        Self { sort, ..self.clone() }
    }

    /// (option, value) of all choices, side by side.
    pub(super) fn pairs(&self) -> (Vec<&str>, Vec<&str>) {
        self.options.iter().flat_map(|(option, values)| values.iter().map(move |value| (option.as_str(), value.as_str()))).unzip()
    }
}

/// A value that could be chosen, with how many products there would be, were nothing else of its option chosen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Choice {
    pub option: String,
    pub value: String,
    pub count: i64,
}

/// What could be chosen in a list.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Facets {
    /// By option, values in the order that products have them in.
    pub choices: Vec<Choice>,
    pub available: i64,
    pub reduced: i64,
    /// The lowest and highest price in the list, in minor units, were none asked for.
    pub cheapest: Option<i64>,
    pub dearest: Option<i64>,
}

/// An amount as people type it, in whole units; nothing where it is none, or none that a price could be.
fn amount(text: &str, currency: Currency) -> Option<Decimal> {
    let typed = Money::typed(text, currency).ok().filter(|typed| (0..=DEAREST).contains(&typed.minor()))?;
    Some(Decimal::new(typed.minor(), currency.exponent()).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        Filter::read(query, Currency::EUR)
    }

    #[test]
    fn one_choice_has_one_address() {
        let filter = read("utm=x&f.Size=350+ml&f.colour=Tenmoku~chalk~chalk~&sale=yes&available=no&sort=cheapest");
        assert_eq!(filter.query(), "f.colour=chalk%7Etenmoku&f.size=350+ml&sale=yes&sort=cheapest");
        assert_eq!(read(&filter.query()), filter);
        assert_eq!(read("f.=x&f.size=&f.a=%00&sort=upwards&sale=1"), Filter::default());
    }

    #[test]
    fn a_price_is_read_as_people_type_it() {
        let filter = read("from=12,50&to=+40.0");
        assert_eq!(filter.query(), "from=12.5&to=40");
        assert!(filter.is_narrow() && filter.is_priced());
        assert_eq!(read("from=40&to=12"), read("from=12&to=40"));
        for text in ["60", "60+%E2%82%AC", "%E2%82%AC60", "EUR+60,00", "+60.0+"] {
            assert_eq!(read(&format!("to={text}")).query(), "to=60", "{text}");
        }
        for odd in ["from=-1", "from=1e9", "from=", "to=1.2345", "to=99999999999999", "from=1.2.3", "from=1,234", "from=abc"] {
            assert_eq!(read(odd), Filter::default(), "{odd}");
        }
        for (query, odd) in [("from=abc", Some("abc")), ("to=1,234", Some("1,234")), ("from=+&to=60", None), ("sort=cheapest", None)] {
            assert_eq!(Filter::no_price(query, Currency::EUR).as_deref(), odd, "{query}");
        }
    }

    #[test]
    fn a_choice_is_taken_back_as_it_was_made() {
        let filter = Filter::default().toggled("Colour", "Chalk").turned(Switch::Reduced);
        assert!(filter.has("colour", "CHALK") && filter.is_on(Switch::Reduced) && filter.is_narrow());
        assert_eq!(filter.toggled("colour", "chalk").turned(Switch::Reduced), Filter::default());
        assert_eq!(filter.pairs(), (vec!["colour"], vec!["chalk"]));
    }
}
