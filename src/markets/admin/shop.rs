//! The shop's own facts: every field of `ShopSettings`.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::{STALE, profiles};
use crate::analytics;
use crate::app::App;
use crate::base::{Currency, Email};
use crate::markets::{BankAccount, ShopSettings};
use crate::platform::{invalidation, settings};
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::PageResult;
use crate::web::form::{Fields, Problems, whole_number};
use crate::web::frame::AdminFrame;

pub fn routes() -> Router<App> {
    Router::new().route("/admin/settings/shop", get(edit).post(update))
}

/// How a field of one line is drawn.
struct Line {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    hint: &'static str,
}

const fn line(name: &'static str, label: &'static str, kind: &'static str, hint: &'static str) -> Line {
    Line { name, label, kind, hint }
}

const LINES: [Line; 14] = [
    line("name", "Name of the shop", "text", ""),
    line("claim", "Claim", "text", "One short sentence: in the footer, and in the title of the home page."),
    line("email", "E-mail for customers", "email", ""),
    line("zone", "Time zone", "text", "Such as Europe/Dublin. Days begin and end by it."),
    line("legal_name", "Legal name", "text", ""),
    line("vat_id", "VAT number", "text", ""),
    line("order_prefix", "Prefix of order numbers", "text", "At most 6 letters or digits."),
    line("low_stock", "Say that few are left at", "number", "At or below this many."),
    line("handling_days", "Days to hand a parcel over", "number", ""),
    line("return_days", "Days to return goods", "number", ""),
    line("transfer_days", "Days for a bank transfer to arrive", "number", ""),
    line("bank_holder", "Account holder", "text", "Without an IBAN, bank transfer is not offered."),
    line("bank_iban", "IBAN", "text", ""),
    line("bank_bic", "BIC", "text", ""),
];

#[derive(Template)]
#[template(path = "markets/admin/shop.html")]
struct Edit<'a> {
    lines: &'static [Line],
    fields: &'a Fields,
    problems: &'a Problems,
    version: i32,
    currencies: Vec<Currency>,
    currency_is_fixed: bool,
}

async fn page(app: &App, frame: &AdminFrame, status: StatusCode, fields: &Fields, problems: &Problems, version: i32) -> PageResult {
    let currency_is_fixed = analytics::has_orders(&app.db).await?;
    frame.page_with(status, "Shop", Edit { lines: &LINES, fields, problems, version, currencies: Currency::all(), currency_is_fixed })
}

fn written(shop: &ShopSettings) -> Fields {
    let pairs = [
        ("name", shop.name.clone()),
        ("claim", shop.claim.clone()),
        ("email", shop.email.clone()),
        ("zone", shop.zone.clone()),
        ("currency", shop.currency.to_string()),
        ("legal_name", shop.legal_name.clone()),
        ("legal_address", shop.legal_address.clone()),
        ("vat_id", shop.vat_id.clone()),
        ("order_prefix", shop.order_prefix.clone()),
        ("low_stock", shop.low_stock.to_string()),
        ("handling_days", shop.handling_days.to_string()),
        ("return_days", shop.return_days.to_string()),
        ("transfer_days", shop.transfer_days.to_string()),
        ("bank_holder", shop.bank.holder.clone()),
        ("bank_iban", shop.bank.iban.clone()),
        ("bank_bic", shop.bank.bic.clone()),
        ("welcome", shop.welcome.clone()),
        ("swatches", written_swatches(&shop.swatches)),
        ("profiles", profiles::written(&shop.profiles)),
    ];
    let fields = Fields(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    if shop.returns_are_free { fields.with("returns_are_free", "1") } else { fields }
}

async fn edit(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    let (shop, version): (ShopSettings, i32) = settings::load(&app.db, ShopSettings::KEY).await?;
    page(&app, &frame, StatusCode::OK, &written(&shop), &Problems::default(), version).await
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, fields: Fields) -> PageResult {
    let (was, version): (ShopSettings, i32) = settings::load(&app.db, ShopSettings::KEY).await?;
    let mut problems = Problems::default();
    let mut to = checked(&fields, &mut problems);
    if analytics::has_orders(&app.db).await? {
        to.currency = was.currency;
    }
    if !problems.is_empty() {
        let seen = fields.get("version").parse().unwrap_or(version);
        return page(&app, &frame, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems, seen).await;
    }
    // Where transfers go is the shop's purse: who changes it proves to be who the session says.
    if was.bank != to.bank
        && let Some(question) = staff::proof_wanted(&app, &frame, &staff, &fields).await?
    {
        return Ok(question);
    }
    let mut tx = app.db.begin().await?;
    if !settings::save(&mut *tx, ShopSettings::KEY, &to, fields.get("version").parse().unwrap_or(-1)).await? {
        tx.rollback().await?;
        problems.add("name", STALE);
        return page(&app, &frame, StatusCode::CONFLICT, &fields, &problems, version).await;
    }
    let (before, after) = (serde_json::to_value(&was).ok(), serde_json::to_value(&to).ok());
    staff::audit(&mut *tx, staff.actor(), "update", "settings", ShopSettings::KEY, before, after, app.now()).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/shop", "markets-flash-saved"))
}

/// What was typed as settings; what is wrong with it goes to `problems`.
fn checked(fields: &Fields, problems: &mut Problems) -> ShopSettings {
    for line in &LINES {
        let text = fields.get(line.name);
        if text.chars().count() > crate::web::limits::LINE || text.chars().any(char::is_control) {
            problems.add(line.name, format!("{}: this is too long.", line.label));
        }
    }
    let text = |name: &str| fields.get(name).to_owned();
    let mut number = |name: &str, label: &str, most: i64| {
        whole_number(fields.get(name)).filter(|n| *n <= most).unwrap_or_else(|| {
            problems.add(name, format!("{label}: enter a whole number up to {most}."));
            0
        })
    };
    let low_stock = i32::try_from(number("low_stock", "Few left", 1_000)).unwrap_or_default();
    let handling_days = number("handling_days", "Days to hand over", 90);
    let return_days = number("return_days", "Days to return", 365);
    let transfer_days = number("transfer_days", "Days for a transfer", 90);
    let iban: String = fields.get("bank_iban").chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if fields.get("name").is_empty() {
        problems.add("name", "The shop needs a name.");
    }
    if !fields.get("email").is_empty() && Email::parse(fields.get("email")).is_none() {
        problems.add("email", "Enter an e-mail address such as shop@example.com.");
    }
    if jiff::tz::TimeZone::get(fields.get("zone")).is_err() {
        problems.add("zone", "This is not a time zone. Enter one such as Europe/Dublin.");
    }
    let prefix = fields.get("order_prefix");
    if prefix.len() > 6 || !prefix.bytes().all(|b| b.is_ascii_alphanumeric()) {
        problems.add("order_prefix", "The prefix has at most 6 letters or digits.");
    }
    if !iban.is_empty() && !iban_is_sound(&iban) {
        problems.add("bank_iban", "This IBAN has a mistake in it: its check digits do not fit.");
    }
    if !iban.is_empty() && fields.get("bank_holder").is_empty() {
        problems.add("bank_holder", "Say whose account this is.");
    }
    if fields.get("legal_address").len() > 2_000 {
        problems.add("legal_address", "This address is too long.");
    }
    if fields.get("welcome").len() > 5_000 {
        problems.add("welcome", "This text is too long.");
    }
    let swatches = read_swatches(fields.get("swatches")).unwrap_or_else(|sentence| {
        problems.add("swatches", sentence);
        BTreeMap::new()
    });
    let profiles = profiles::read(fields.get("profiles")).unwrap_or_else(|sentence| {
        problems.add("profiles", sentence);
        Vec::new()
    });
    // The field is absent where the currency is fixed.
    let currency = Currency::parse(fields.get("currency"));
    if currency.is_none() && !fields.get("currency").is_empty() {
        problems.add("currency", "Choose a currency.");
    }
    ShopSettings {
        name: text("name"),
        claim: text("claim"),
        email: text("email"),
        zone: text("zone"),
        currency: currency.unwrap_or(Currency::EUR),
        legal_name: text("legal_name"),
        legal_address: text("legal_address"),
        vat_id: text("vat_id"),
        order_prefix: text("order_prefix"),
        low_stock,
        bank: BankAccount { holder: text("bank_holder"), iban, bic: text("bank_bic") },
        transfer_days,
        welcome: text("welcome"),
        handling_days,
        return_days,
        returns_are_free: fields.has("returns_are_free"),
        swatches,
        profiles,
    }
}

/// One colour a line: its name and its code.
fn written_swatches(swatches: &BTreeMap<String, String>) -> String {
    swatches.iter().map(|(name, colour)| format!("{name} {colour}")).collect::<Vec<_>>().join("\n")
}

/// Reads what [`written_swatches`] writes; the error is a sentence that names the line.
fn read_swatches(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut swatches = BTreeMap::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fault = || format!("Line {}: write a name and a colour, such as Celadon #a9bfae.", at + 1);
        let (name, colour) = line.trim().rsplit_once(char::is_whitespace).ok_or_else(fault)?;
        let digits =
            colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())).ok_or_else(fault)?;
        swatches.insert(name.trim().chars().take(60).collect(), format!("#{}", digits.to_lowercase()));
    }
    if swatches.len() > 200 { Err("At most 200 colours.".into()) } else { Ok(swatches) }
}

/// ISO 13616: country and check digits to the end, letters as numbers, and the remainder by 97 is 1.
fn iban_is_sound(iban: &str) -> bool {
    if !(15..=34).contains(&iban.len()) || !iban.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return false;
    }
    let (head, tail) = iban.split_at(4);
    let remainder = tail
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |sum, n| if n > 9 { (sum * 100 + n) % 97 } else { (sum * 10 + n) % 97 });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_checked_by_its_digits() {
        assert!(iban_is_sound("DE89370400440532013000") && iban_is_sound("GB29NWBK60161331926819"));
        assert!(!iban_is_sound("DE89370400440532013001") && !iban_is_sound("DE89") && !iban_is_sound("ÄE89370400440532013000"));
    }

    #[test]
    fn a_swatch_is_a_name_and_a_colour() {
        for bad in ["#a9bfae", "Celadon", "Celadon a9bfae", "Celadon #a9bf"] {
            assert!(read_swatches(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_written_into_the_form_is_read_back() {
        let swatches = [("Smoked oak".to_owned(), "#5b4432".to_owned())].into();
        let profiles = vec!["https://social.example/pots".to_owned()];
        let shop = ShopSettings { email: "shop@example.org".into(), swatches, profiles, returns_are_free: true, ..ShopSettings::default() };
        let mut problems = Problems::default();
        assert_eq!(checked(&written(&shop), &mut problems), shop);
        assert!(problems.is_empty(), "{problems:?}");
    }
}
