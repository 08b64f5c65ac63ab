//! What templates may do with values: words, money, dates, addresses. The reader's language arrives as a runtime value.

use std::fmt::Display;

use askama::Values;
use fluent_bundle::FluentValue;

use super::words;
use crate::base::{Instant, Language, Money};

/// How the reader writes things; passed to every render.
#[derive(Debug, Clone)]
pub struct Locale {
    pub language: Language,
    /// Prefix of the reader's pair, `""` or `/de`.
    pub prefix: String,
    /// The shop's time zone (IANA).
    pub zone: String,
}

/// A value or any reference to it: templates hand over either.
pub trait Is<T> {
    fn it(&self) -> T;
}

impl Is<Money> for Money {
    fn it(&self) -> Money {
        *self
    }
}

impl Is<Instant> for Instant {
    fn it(&self) -> Instant {
        *self
    }
}

impl<T, U: Is<T> + ?Sized> Is<T> for &U {
    fn it(&self) -> T {
        (**self).it()
    }
}

fn locale(values: &dyn Values) -> askama::Result<&Locale> {
    askama::get_value::<Locale>(values, "locale").map_err(|_| askama::Error::custom("a template was rendered without a locale"))
}

/// `{{ "kit-cart-label"|t(count = n) }}`: the sentence of a key with named arguments.
#[askama::filter_fn]
pub fn t(
    key: impl Display,
    values: &dyn Values,
    #[optional(None)] count: Option<i64>,
    #[optional("")] name: &str,
    #[optional("")] number: &str,
    #[optional("")] amount: &str,
    #[optional("")] date: &str,
    #[optional("")] what: &str,
) -> askama::Result<String> {
    let mut args: Vec<(&'static str, FluentValue<'_>)> = vec![
        ("name", FluentValue::from(name.to_owned())),
        ("number", FluentValue::from(number.to_owned())),
        ("amount", FluentValue::from(amount.to_owned())),
        ("date", FluentValue::from(date.to_owned())),
        ("what", FluentValue::from(what.to_owned())),
    ];
    if let Some(count) = count {
        args.push(("count", FluentValue::from(count)));
    }
    Ok(words::text(locale(values)?.language, &key.to_string(), &args))
}

/// `{{ price|money }}` in the reader's language.
#[askama::filter_fn]
pub fn money(amount: impl Is<Money>, values: &dyn Values) -> askama::Result<String> {
    Ok(written(amount.it(), locale(values)?.language))
}

/// An amount as English (CLDR 48) writes it: symbol first, groups of three. Other languages bring their own pattern.
pub fn written(amount: Money, _language: Language) -> String {
    let plain = amount.plain();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, ""), |(w, f)| (w, f));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let symbol = amount.currency().symbol();
    let gap = if symbol.chars().all(|c| c.is_ascii_alphabetic()) { "\u{a0}" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{symbol}{gap}{grouped}{point}{fraction}")
}

/// `{{ at|date }}`: a day in the shop's time zone, "25 November 2026".
#[askama::filter_fn]
pub fn date(at: impl Is<Instant>, values: &dyn Values) -> askama::Result<String> {
    Ok(at.it().in_zone(&locale(values)?.zone).strftime("%-d %B %Y").to_string())
}

/// `{{ at|time }}`: day and minute in the shop's time zone, "25 Nov 2026, 14:05".
#[askama::filter_fn]
pub fn time(at: impl Is<Instant>, values: &dyn Values) -> askama::Result<String> {
    Ok(at.it().in_zone(&locale(values)?.zone).strftime("%-d %b %Y, %H:%M").to_string())
}

/// `{{ at|machine }}`: for `datetime` attributes, which allow three digits of a second at most (HTML, 2.3.5.7).
#[askama::filter_fn]
pub fn machine(at: impl Is<Instant>, _: &dyn Values) -> askama::Result<String> {
    Ok(at.it().in_zone("UTC").strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `{{ "/cart"|path }}`: an address inside the reader's pair.
#[askama::filter_fn]
pub fn path(rest: impl Display, values: &dyn Values) -> askama::Result<String> {
    Ok(format!("{}{rest}", locale(values)?.prefix))
}

/// `{{ "css/shop.css"|asset }}`: the fingerprinted address of a static file.
#[askama::filter_fn]
pub fn asset(name: impl Display, _: &dyn Values) -> askama::Result<String> {
    super::assets::href(&name.to_string()).ok_or_else(|| askama::Error::custom(format!("no static file {name}")))
}

/// `{{ "js/shop.js"|integrity }}`: the hash by which a browser knows a script again (Subresource Integrity).
#[askama::filter_fn]
pub fn integrity(name: impl Display, _: &dyn Values) -> askama::Result<String> {
    super::assets::integrity(&name.to_string()).ok_or_else(|| askama::Error::custom(format!("no script {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Currency;

    #[test]
    fn amounts_are_grouped_and_signed() {
        let euros = |minor| written(Money::new(minor, Currency::EUR), Language::english());
        assert_eq!(euros(123_456_789), "€1,234,567.89");
        assert_eq!(euros(-5), "-€0.05");
        let yen = Money::new(12_800, Currency::parse("JPY").expect("a currency"));
        assert_eq!(written(yen, Language::english()), "¥12,800");
    }
}
