//! The page's form: what was typed, as an opening.

use crate::base::{Country, Currency, Email, Money, TaxRate};
use crate::markets::ShopSettings;
use crate::setup::opening::{Carriage, Opening, Reach};
use crate::web::form::whole_number;
use crate::web::limits::LINE;
use crate::web::{Fields, Problems};

/// Longest journey of a parcel, in working days.
const DAYS: i64 = 90;

/// What stands in the form before anything was typed.
pub fn fresh() -> Fields {
    let values = [("zone", "Europe/Dublin"), ("currency", "EUR"), ("reach", "home"), ("includes_tax", "yes")];
    Fields(values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// The opening, or `None` with what is wrong in `problems`.
pub fn checked(fields: &Fields, problems: &mut Problems) -> Option<Opening> {
    let shop = facts(fields, problems);
    let country = Country::parse(fields.get("country"));
    if country.is_none() {
        problems.add("country", "Choose the country that the shop is in.");
    }
    let chosen: Vec<Country> = fields.all("to").filter_map(Country::parse).collect();
    let reach = match fields.get("reach") {
        "home" => Some(Reach::Home),
        "union" => Some(Reach::Union),
        "chosen" => Some(Reach::Chosen(chosen.clone())),
        _ => None,
    };
    if reach.is_none() {
        problems.add("reach", "Choose where the shop sells to.");
    }
    if reach == Some(Reach::Union) && country.is_some_and(|country| !country.facts().eu) {
        problems.add("reach", "The shop's country is not in the European Union. Choose the countries one by one.");
    }
    if matches!(reach, Some(Reach::Chosen(_))) && chosen.is_empty() {
        problems.add("reach", "Choose at least one country.");
    }
    let home_rate = rate(fields, problems);
    let at_home = carriage(fields, problems, shop.currency, "home");
    let abroad = if reach == Some(Reach::Home) { None } else { carriage(fields, problems, shop.currency, "abroad") };
    if !problems.is_empty() {
        return None;
    }
    Some(Opening { shop, country: country?, reach: reach?, includes_tax: fields.get("includes_tax") == "yes", home_rate, at_home: at_home?, abroad })
}

fn facts(fields: &Fields, problems: &mut Problems) -> ShopSettings {
    for name in ["name", "email", "legal_name", "vat_id"] {
        if fields.get(name).chars().count() > LINE || fields.get(name).chars().any(char::is_control) {
            problems.add(name, "This is too long.");
        }
    }
    if fields.get("legal_address").len() > 2_000 {
        problems.add("legal_address", "This address is too long.");
    }
    if fields.get("name").is_empty() {
        problems.add("name", "The shop needs a name.");
    }
    if Email::parse(fields.get("email")).is_none() {
        problems.add("email", "Enter an e-mail address such as shop@example.com. Customers see it and answer to it.");
    }
    if jiff::tz::TimeZone::get(fields.get("zone")).is_err() {
        problems.add("zone", "This is not a time zone. Enter one such as Europe/Dublin.");
    }
    let currency = Currency::parse(fields.get("currency"));
    if currency.is_none() {
        problems.add("currency", "Choose a currency.");
    }
    let text = |name: &str| fields.get(name).to_owned();
    ShopSettings {
        name: text("name"),
        claim: String::new(),
        email: text("email"),
        zone: text("zone"),
        currency: currency.unwrap_or(Currency::EUR),
        legal_name: text("legal_name"),
        legal_address: text("legal_address"),
        vat_id: text("vat_id"),
        ..ShopSettings::default()
    }
}

fn rate(fields: &Fields, problems: &mut Problems) -> Option<TaxRate> {
    let text = fields.get("home_rate").trim_end_matches('%').trim();
    if text.is_empty() {
        return None;
    }
    let rate = text.replace(',', ".").parse().ok().and_then(TaxRate::new);
    if rate.is_none() {
        problems.add("home_rate", "Enter a rate in percent such as 8.1, or nothing.");
    }
    rate
}

fn carriage(fields: &Fields, problems: &mut Problems, currency: Currency, to: &str) -> Option<Carriage> {
    let (price, from, until) = (format!("{to}_price"), format!("{to}_min"), format!("{to}_max"));
    let minor = Money::typed(fields.get(&price), currency).ok().map(Money::minor).filter(|minor| (0..=100_000_000).contains(minor));
    if minor.is_none() {
        problems.add(&price, format!("Enter what a parcel costs, such as {}.", Money::new(590, currency).plain()));
    }
    let mut days = |name: &str| {
        let days = whole_number(fields.get(name)).filter(|days| (1..=DAYS).contains(days)).and_then(|days| i32::try_from(days).ok());
        if days.is_none() {
            problems.add(name, format!("Enter a number of working days from 1 to {DAYS}."));
        }
        days
    };
    let (min_days, max_days) = (days(&from)?, days(&until)?);
    if min_days > max_days {
        problems.add(&until, "The longest time is shorter than the shortest.");
    }
    Some(Carriage { minor: minor?, min_days, max_days })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Fields {
        let typed = [
            ("name", "Quay"),
            ("email", "shop@example.org"),
            ("country", "IE"),
            ("home_price", "5.90"),
            ("home_min", "1"),
            ("home_max", "3"),
            ("abroad_price", "9.90"),
            ("abroad_min", "3"),
            ("abroad_max", "6"),
        ];
        typed.into_iter().fold(fresh(), |fields, (name, value)| fields.with(name, value))
    }

    #[test]
    fn an_opening_says_where_it_sells() {
        let countries = |fields: &Fields| checked(fields, &mut Problems::default()).expect("an opening").countries().len();
        assert_eq!(countries(&sound()), 1);
        assert_eq!(countries(&sound().with("reach", "union")), 27);
        assert_eq!(countries(&sound().with("reach", "chosen").with("to", "CH")), 2);
    }

    #[test]
    fn what_is_missing_is_said_where_it_is_missing() {
        let wrong = |name: &str, value: &str| {
            let mut problems = Problems::default();
            assert!(checked(&sound().with(name, value), &mut problems).is_none());
            problems.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(wrong("name", ""), ["name"]);
        assert_eq!(wrong("email", "nobody"), ["email"]);
        assert_eq!(wrong("country", "XX"), ["country"]);
        assert_eq!(wrong("zone", "Mars"), ["zone"]);
        assert_eq!(wrong("reach", "chosen"), ["reach"]);
        assert_eq!(wrong("home_rate", "much"), ["home_rate"]);
        assert_eq!(wrong("home_price", "-1"), ["home_price"]);
        assert_eq!(wrong("home_max", "0"), ["home_max"]);
        assert_eq!(wrong("home_min", "9"), ["home_max"]);
    }
}
