//! Amounts as Stripe's API writes them. Rule and cases: shared data `vectors/stripe_amount.json`.

use crate::base::{Currency, Money};

/// Why Stripe cannot charge an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChargeError {
    /// The currency is not taken, the amount is finer than Stripe's unit, or it is not positive.
    #[error("this amount cannot be charged")]
    NotChargeable,
    #[error("the smallest charge is {minimum}")]
    BelowMinimum { minimum: Money },
}

/// The integer `amount` for a charge. Three-decimal currencies come out rounded to what Stripe takes (last digit 0):
/// a shop total must have been rounded the same way before anybody saw it.
pub fn stripe_amount(money: Money) -> Result<i64, ChargeError> {
    let units = stripe_units(money)?;
    if let Some(minimum) = money.currency().stripe_minimum()
        && money.major() < minimum
    {
        let scale = i64::pow(10, money.currency().exponent());
        return Err(ChargeError::BelowMinimum { minimum: Money::from_exact_minor(minimum * rust_decimal::Decimal::from(scale), money.currency()) });
    }
    if units > 0 { Ok(units) } else { Err(ChargeError::NotChargeable) }
}

/// As [`stripe_amount`] without the minimum, which holds for charges only: for lines, captures and refunds.
pub fn stripe_units(money: Money) -> Result<i64, ChargeError> {
    let multiplier = money.currency().stripe_multiplier().ok_or(ChargeError::NotChargeable)?;
    let scale = i64::pow(10, money.currency().exponent());
    let scaled = money.minor().checked_mul(multiplier).ok_or(ChargeError::NotChargeable)?;
    if scaled % scale != 0 {
        return Err(ChargeError::NotChargeable);
    }
    let units = scaled / scale;
    Ok(if multiplier == 1000 { (units + 5).div_euclid(10) * 10 } else { units })
}

/// What Stripe's `amount` is worth. A fraction that the currency does not have is cut off, so that an underpayment never
/// looks whole.
pub fn from_stripe_amount(units: i64, currency: Currency) -> Money {
    let scale = i128::from(i64::pow(10, currency.exponent()));
    let multiplier = currency.stripe_multiplier().map_or(scale, i128::from);
    let minor = (i128::from(units) * scale).div_euclid(multiplier);
    Money::new(i64::try_from(minor).expect("amounts stay far below 2^63"), currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_follow_the_shared_vectors() {
        let folder = std::env::var("WHARF_SHARED").unwrap_or_else(|_| "../shared".into());
        let path = ["data/vectors/stripe_amount.json", "vectors/stripe_amount.json"]
            .iter()
            .map(|file| std::path::Path::new(&folder).join(file))
            .find(|path| path.exists());
        let Some(path) = path else {
            println!("skipped: shared data absent");
            return;
        };
        let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let currency = Currency::parse(case["in"]["currency"].as_str().unwrap()).unwrap();
            let found = match stripe_amount(Money::new(case["in"]["minor"].as_i64().unwrap(), currency)) {
                Ok(amount) => serde_json::json!({ "amount": amount }),
                Err(ChargeError::NotChargeable) => serde_json::json!({ "error": "not_chargeable" }),
                Err(ChargeError::BelowMinimum { minimum }) => serde_json::json!({ "error": "below_minimum", "minimum": minimum.plain() }),
            };
            assert_eq!(found, case["out"], "{}", case["id"]);
        }
    }

    #[test]
    fn the_way_back_never_rounds_up() {
        for (code, units, minor) in
            [("EUR", 1999, 1999), ("JPY", 500, 500), ("ISK", 50_000, 500), ("ISK", 49_999, 499), ("KWD", 5120, 5120), ("MGA", 5000, 500_000)]
        {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(from_stripe_amount(units, currency), Money::new(minor, currency));
        }
    }

    #[test]
    fn refunds_and_lines_know_no_minimum_but_charges_are_positive() {
        assert_eq!(stripe_units(Money::new(1, Currency::EUR)), Ok(1));
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(stripe_amount(Money::zero(dinar)), Err(ChargeError::NotChargeable));
    }
}
