//! Countries by ISO 3166-1 alpha-2, with what the shop must know of each (`base/data/countries.json`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::money::text_column;

#[derive(serde::Deserialize)]
struct File {
    countries: BTreeMap<String, CountryFacts>,
}

/// What is known of a country: its English name and how addresses are written there.
#[derive(Debug, serde::Deserialize)]
pub struct CountryFacts {
    pub name: String,
    pub eu: bool,
    /// libaddressinput's order of fields: `%N` name, `%O` company, `%A` street lines, `%C` city, `%S` region, `%Z` postcode.
    pub format: String,
    /// Letters of the fields that must not be empty.
    pub required: String,
    pub upper: String,
    /// Pattern of a whole postcode; empty where the country has none.
    pub postcode: String,
    pub postcode_example: String,
    pub postcode_label: String,
    pub region_label: String,
}

static COUNTRIES: LazyLock<BTreeMap<String, CountryFacts>> =
    LazyLock::new(|| serde_json::from_str::<File>(include_str!("data/countries.json")).expect("the file is part of the program").countries);

/// A country that exists (ISO 3166-1 alpha-2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    pub fn parse(code: &str) -> Option<Self> {
        COUNTRIES.contains_key(code).then(|| code.as_bytes().try_into().ok().map(Self)).flatten()
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    pub fn facts(self) -> &'static CountryFacts {
        COUNTRIES.get(self.code()).expect("a Country is parsed against this table")
    }

    pub fn name(self) -> &'static str {
        &self.facts().name
    }

    /// The 27 member states of the European Union.
    pub fn of_eu() -> Vec<Self> {
        Self::all().into_iter().filter(|country| country.facts().eu).collect()
    }

    pub fn all() -> Vec<Self> {
        COUNTRIES.keys().filter_map(|code| Self::parse(code)).collect()
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

text_column!(Country, |text| Country::parse(text), |this| this.code());
