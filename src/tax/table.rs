//! The rates of all classes and countries, future ones included.

use crate::base::{Country, Instant, TaxRate};

/// One row of the law: valid from (inclusive) until (exclusive).
#[derive(Debug, Clone)]
pub struct DatedRate {
    pub class: String,
    pub country: Country,
    pub rate: TaxRate,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
}

#[derive(Debug, Clone, Default)]
pub struct TaxTable(Vec<DatedRate>);

impl TaxTable {
    pub const fn new(rates: Vec<DatedRate>) -> Self {
        Self(rates)
    }

    /// The rate of a class in a country at an instant; `None` where the shop has none on file.
    pub fn rate(&self, class: &str, country: Country, as_of: Instant) -> Option<TaxRate> {
        self.0
            .iter()
            .find(|row| {
                row.class == class
                    && row.country == country
                    && row.from.is_none_or(|from| from <= as_of)
                    && row.until.is_none_or(|until| as_of < until)
            })
            .map(|row| row.rate)
    }

    /// The next instant after `as_of` at which a rate of this country begins or ends.
    pub fn next_change(&self, country: Country, as_of: Instant) -> Option<Instant> {
        self.0.iter().filter(|row| row.country == country).flat_map(|row| [row.from, row.until]).flatten().filter(|at| *at > as_of).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_changes_at_its_instant() {
        let estonia = Country::parse("EE").expect("a country");
        let change: Instant = "2025-07-01T00:00:00+03:00".parse().expect("an instant");
        let row = |percent: i64, from, until| DatedRate {
            class: "standard".into(),
            country: estonia,
            rate: TaxRate::new(percent.into()).expect("a rate"),
            from,
            until,
        };
        let table = TaxTable::new(vec![row(22, None, Some(change)), row(24, Some(change), None)]);
        let percent = |at| table.rate("standard", estonia, at).map(|rate| rate.to_string());
        assert_eq!(percent(change.plus_seconds(-1)).as_deref(), Some("22"));
        assert_eq!(percent(change).as_deref(), Some("24"));
        assert_eq!(table.next_change(estonia, change.plus_days(-3)), Some(change));
    }
}
