//! Carriers and their tracking pages (`base/data/carriers.json`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(serde::Deserialize)]
struct File {
    carriers: BTreeMap<String, Carrier>,
}

#[derive(Debug, Clone, serde::Deserialize)]
pub struct Carrier {
    pub name: String,
    /// `{n}` stands for the tracking number.
    tracking_url: String,
}

static CARRIERS: LazyLock<BTreeMap<String, Carrier>> =
    LazyLock::new(|| serde_json::from_str::<File>(include_str!("../base/data/carriers.json")).expect("the file is part of the program").carriers);

/// (code, carrier), by code.
pub fn carriers() -> Vec<(&'static str, &'static Carrier)> {
    CARRIERS.iter().map(|(code, carrier)| (code.as_str(), carrier)).collect()
}

pub fn carrier(code: &str) -> Option<&'static Carrier> {
    CARRIERS.get(code)
}

impl Carrier {
    /// The page that follows a parcel; numbers are letters, digits and hyphens only, so nothing needs escaping.
    pub fn track(&self, number: &str) -> String {
        let number: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        self.tracking_url.replace("{n}", &number)
    }
}
