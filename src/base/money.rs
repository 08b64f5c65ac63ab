//! Integer minor units and one currency. Splits never lose a cent; adding two currencies is a bug.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// ISO 4217 and what the payment provider makes of each currency (`base/data/currencies.csv`).
static CURRENCIES: LazyLock<HashMap<[u8; 3], Facts>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(&include_bytes!("data/currencies.csv")[..]);
    reader
        .records()
        .filter_map(|row| {
            let row = row.ok()?;
            let code: [u8; 3] = row.get(0)?.as_bytes().try_into().ok()?;
            let facts = Facts {
                exponent: row.get(1)?.parse().ok()?,
                symbol: row.get(2)?.to_owned(),
                stripe_multiplier: row.get(3)?.parse().ok(),
                stripe_minimum: row.get(4)?.parse().ok(),
            };
            Some((code, facts))
        })
        .collect()
});

struct Facts {
    exponent: u32,
    symbol: String,
    stripe_multiplier: Option<i64>,
    stripe_minimum: Option<Decimal>,
}

/// An ISO 4217 code that the shop knows the decimals of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Self = Self(*b"EUR");

    /// `None` for anything that is not a current ISO 4217 code.
    pub fn parse(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        CURRENCIES.contains_key(&code).then_some(Self(code))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        CURRENCIES.get(&self.0).map_or(2, |facts| facts.exponent)
    }

    pub fn symbol(self) -> &'static str {
        CURRENCIES.get(&self.0).map_or("", |facts| facts.symbol.as_str())
    }

    /// How many units of Stripe's `amount` make one major unit; `None` where Stripe does not take the currency.
    pub fn stripe_multiplier(self) -> Option<i64> {
        CURRENCIES.get(&self.0).and_then(|facts| facts.stripe_multiplier)
    }

    /// The least that Stripe charges, in major units, where it publishes one.
    pub fn stripe_minimum(self) -> Option<Decimal> {
        CURRENCIES.get(&self.0).and_then(|facts| facts.stripe_minimum)
    }

    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = CURRENCIES.keys().copied().map(Self).collect();
        all.sort();
        all
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in integer minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why a typed amount is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("too many decimals for this currency")]
    TooManyDecimals,
    #[error("not an amount")]
    Syntax,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads `12.34` (ASCII digits, optional `-`, `.` as the point, no grouping); never rounds what was typed.
    /// The rule and its cases: shared data `vectors/minor_units.json`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(AmountError::Syntax),
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(AmountError::Syntax);
        }
        let exponent = currency.exponent() as usize;
        if fraction.len() > exponent {
            return Err(AmountError::TooManyDecimals);
        }
        let minor: i64 = format!("{whole}{fraction:0<exponent$}").parse().map_err(|_| AmountError::Syntax)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// Reads what a person types: `48,50`, `48.5`, `1.234,50`, `1 234.50`, `€ 12`. A single comma or point before three
    /// digits could mean either (`1,234`), so it is refused where the currency has decimals: nobody's price is guessed.
    pub fn typed(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let text = text.trim().trim_start_matches([':', '€', '$', '£', '¥']).trim();
        let text = text.strip_prefix(currency.code()).or_else(|| text.strip_suffix(currency.code())).unwrap_or(text);
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '€')).collect();
        let (points, commas) = (text.matches('.').count(), text.matches(',').count());
        let point = match (points, commas) {
            (0, 0) => None,
            (0, 1) if currency.exponent() > 0 => Some(','),
            (1, 0) if currency.exponent() > 0 => Some('.'),
            (1, 1..) | (1.., 1) if points != commas || points == 1 => text.chars().rev().find(|c| matches!(c, '.' | ',')),
            (0, _) | (_, 0) => None,
            _ => return Err(AmountError::Syntax),
        };
        let (whole, fraction) = point.and_then(|point| text.rsplit_once(point)).map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let mut groups = whole.split(['.', ',']);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        if !rest.is_empty()
            && (first.trim_start_matches('-').is_empty() || first.trim_start_matches('-').len() > 3 || rest.iter().any(|group| group.len() != 3))
        {
            return Err(AmountError::Syntax);
        }
        let whole = format!("{first}{}", rest.concat());
        Self::parse(&fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}")), currency)
    }

    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        assert_eq!(self.currency, other.currency, "adding two currencies is a bug, not an input error");
        Self::new(self.minor.checked_add(other.minor).expect("amounts stay far below 2^63"), self.currency)
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self::new(-other.minor, other.currency))
    }

    #[must_use]
    pub fn times(self, qty: i64) -> Self {
        Self::new(self.minor.checked_mul(qty).expect("amounts stay far below 2^63"), self.currency)
    }

    /// In major units: 19.99 for 1999 EUR.
    pub fn major(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.exponent())
    }

    /// The one rounding rule of the shop: half away from zero, to the minor unit.
    pub fn from_exact_minor(minor: Decimal, currency: Currency) -> Self {
        let rounded = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Self::new(rounded.to_i64().expect("amounts stay far below 2^63"), currency)
    }

    /// Splits by weight, largest remainder first (ties to the earlier part), so that the parts add up to the whole.
    /// When all weights are zero the first part takes all. Rule and cases: shared data `vectors/discount_allocate.json`.
    pub fn split(self, weights: &[i64]) -> Vec<Self> {
        let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if sum == 0 {
            return (0..weights.len()).map(|at| if at == 0 { self } else { Self::zero(self.currency) }).collect();
        }
        let total = i128::from(self.minor);
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|w| (total * i128::from(*w)).div_euclid(sum))
            .zip(weights.iter().map(|w| (total * i128::from(*w)).rem_euclid(sum)))
            .collect();
        let mut missing = total - parts.iter().map(|(part, _)| part).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|a, b| parts[*b].1.cmp(&parts[*a].1).then(a.cmp(b)));
        for at in order {
            if missing <= 0 {
                break;
            }
            parts[at].0 += 1;
            missing -= 1;
        }
        parts.into_iter().map(|(part, _)| Self::new(i64::try_from(part).expect("a part is no larger than the whole"), self.currency)).collect()
    }

    /// `1234.50`, the form of machines (feeds, JSON-LD, input fields).
    pub fn plain(self) -> String {
        let exponent = self.currency.exponent() as usize;
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        if exponent == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

impl std::fmt::Display for Money {
    /// `1234.50 EUR`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}

macro_rules! text_column {
    ($name:ident, $parse:expr, $show:expr) => {
        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }

            fn compatible(ty: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(ty)
            }
        }

        impl sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                <String as sqlx::postgres::PgHasArrayType>::array_type_info()
            }
        }

        impl sqlx::Encode<'_, sqlx::Postgres> for $name {
            fn encode_by_ref(&self, buf: &mut sqlx::postgres::PgArgumentBuffer) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                let show: fn(&Self) -> &str = $show;
                sqlx::Encode::<sqlx::Postgres>::encode_by_ref(&show(self), buf)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $name {
            fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let text = <&str as sqlx::Decode<sqlx::Postgres>>::decode(value)?;
                let parse: fn(&str) -> Option<Self> = $parse;
                parse(text).ok_or_else(|| concat!("not a ", stringify!($name)).into())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let show: fn(&Self) -> &str = $show;
                to.serialize_str(show(self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                let parse: fn(&str) -> Option<Self> = $parse;
                parse(&text).ok_or_else(|| serde::de::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    };
}
pub(super) use text_column;

text_column!(Currency, |text| Currency::parse(text), |this| this.code());

/// In JSON an amount is `{"minor":1999,"currency":"EUR"}`.
#[derive(serde::Serialize, serde::Deserialize)]
struct Written {
    minor: i64,
    currency: Currency,
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written { minor: self.minor, currency: self.currency }.serialize(to)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Written::deserialize(from).map(|written| Self::new(written.minor, written.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn a_split_gives_the_missing_cents_to_the_largest_remainders() {
        let parts: Vec<i64> = eur(750).split(&[1999, 499, 2501]).into_iter().map(Money::minor).collect();
        assert_eq!(parts, [300, 75, 375]);
    }

    #[test]
    fn decimals_follow_the_currency() {
        let yen = Currency::parse("JPY").expect("a currency");
        assert_eq!(Money::parse("1280", yen), Ok(Money::new(1280, yen)));
        assert_eq!(Money::parse("12.5", yen), Err(AmountError::TooManyDecimals));
        assert_eq!(Money::parse("1,5", Currency::EUR), Err(AmountError::Syntax));
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let (yen, dinar) = (Currency::parse("JPY").expect("a currency"), Currency::parse("KWD").expect("a currency"));
        let known = [
            ("48,50", 4850),
            ("48.5", 4850),
            ("1.234,50", 123_450),
            ("1,234.50", 123_450),
            ("1 234,50", 123_450),
            ("1’234.50", 123_450),
            ("1.234.567", 123_456_700),
            ("€ 12", 1200),
            ("12 EUR", 1200),
            ("12,5€", 1250),
            ("-3,00", -300),
            ("0", 0),
        ];
        for (text, minor) in known {
            assert_eq!(Money::typed(text, Currency::EUR), Ok(eur(minor)), "{text}");
        }
        assert_eq!(Money::typed("1,280", yen), Ok(Money::new(1280, yen)));
        assert_eq!(Money::typed("1,280", dinar), Ok(Money::new(1280, dinar)), "three decimals");
        for odd in
            ["1,234", "1.234", "1,23,45", "12,345,6", "1.2.3,4", "1,2.3,4", "twelve", "", "12,", ",50", "1.234,5.0", "1234,567.00", "--3", "12 $"]
        {
            assert!(Money::typed(odd, Currency::EUR).is_err(), "{odd}: {:?}", Money::typed(odd, Currency::EUR));
        }
        assert_eq!(eur(-5).plain(), "-0.05");
    }

    proptest! {
        #[test]
        fn a_split_never_loses_a_cent(total in -1_000_000_000i64..1_000_000_000, weights in proptest::collection::vec(0i64..1_000_000, 1..20)) {
            let sum: i64 = eur(total).split(&weights).into_iter().map(Money::minor).sum();
            prop_assert_eq!(sum, total);
        }

        #[test]
        fn what_is_printed_can_be_read(minor in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(Money::parse(&eur(minor).plain(), Currency::EUR), Ok(eur(minor)));
        }
    }
}
