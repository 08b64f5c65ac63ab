//! A tax rate in per cent, exact.

use rust_decimal::Decimal;

use super::money::Money;

/// Per cent, 0 to 100, as the law writes it (`25.5`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TaxRate(Decimal);

impl TaxRate {
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// `None` outside 0 to 100.
    pub fn new(percent: Decimal) -> Option<Self> {
        (percent >= Decimal::ZERO && percent <= Decimal::ONE_HUNDRED).then(|| Self(percent.normalize()))
    }

    pub const fn percent(self) -> Decimal {
        self.0
    }

    /// The tax inside a gross amount: `gross × r ÷ (100 + r)`. Rule and cases: shared data `vectors/vat_extract.json`.
    pub fn contained_in(self, gross: Money) -> Money {
        Money::from_exact_minor(Decimal::from(gross.minor()) * self.0 / (Decimal::ONE_HUNDRED + self.0), gross.currency())
    }

    /// The tax on top of a net amount.
    pub fn on_top_of(self, net: Money) -> Money {
        Money::from_exact_minor(Decimal::from(net.minor()) * self.0 / Decimal::ONE_HUNDRED, net.currency())
    }
}

impl std::fmt::Display for TaxRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Currency;

    #[test]
    fn the_tax_inside_a_price_is_rounded_half_up() {
        let rate = TaxRate::new("25.5".parse().expect("a number")).expect("a rate");
        assert_eq!(rate.contained_in(Money::new(9990, Currency::EUR)).minor(), 2030);
    }
}
