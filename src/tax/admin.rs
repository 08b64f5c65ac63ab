//! Tax rates: what is law now, what was, and what is entered in advance.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;

use super::store;
use super::table::DatedRate;
use crate::app::App;
use crate::base::{Country, Instant, TaxRate};
use crate::platform::invalidation;
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::{PageResult, filters};

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/settings/taxes", get(index).post(create))
}

#[derive(Template)]
#[template(path = "tax/admin/index.html")]
struct Index<'a> {
    rates: Vec<(&'a DatedRate, &'static str)>,
    classes: &'a [(String, String)],
    countries: Vec<Country>,
    wanted: &'a str,
    zone: &'a str,
    fields: &'a Fields,
    problems: &'a Problems,
}

#[derive(serde::Deserialize)]
struct Wanted {
    #[serde(default)]
    country: String,
}

async fn page(app: &App, frame: &AdminFrame, wanted: &str, fields: &Fields, problems: &Problems) -> PageResult {
    let mut db = app.db.acquire().await?;
    let all = store::list(&mut db).await?;
    let classes = store::classes(&mut db).await?;
    let now = app.now();
    let rates = all.iter().filter(|row| wanted.is_empty() || row.country.code() == wanted).map(|row| (row, state(row, now))).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let rules = app.rules();
    let mut countries = Country::all();
    countries.sort_by_key(|country| country.name());
    frame.page_with(status, "Tax", Index { rates, classes: &classes, countries, wanted, zone: &rules.shop.zone, fields, problems })
}

fn state(row: &DatedRate, now: Instant) -> &'static str {
    match (row.from.is_none_or(|from| from <= now), row.until.is_none_or(|until| now < until)) {
        (true, true) => "now",
        (false, _) => "to come",
        (_, false) => "over",
    }
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>, Query(wanted): Query<Wanted>) -> PageResult {
    page(&app, &frame, &wanted.country, &Fields::default(), &Problems::default()).await
}

async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, fields: Fields) -> PageResult {
    let mut problems = Problems::default();
    let rules = app.rules();
    let country = Country::parse(fields.get("country"));
    if country.is_none() {
        problems.add("country", "Choose a country.");
    }
    let rate = fields.get("percent").parse().ok().and_then(TaxRate::new).filter(|rate| rate.percent().scale() <= 3);
    if rate.is_none() {
        problems.add("percent", "Enter a rate from 0 to 100, such as 25.5.");
    }
    let from = midnight(fields.get("from"), &rules.shop.zone);
    if from.is_none() {
        problems.add("from", "Enter the first day of the rate.");
    }
    let mut tx = app.db.begin().await?;
    let class = fields.get("class").to_owned();
    if !store::classes(&mut tx).await?.iter().any(|(code, _)| *code == class) {
        problems.add("class", "Choose a class.");
    }
    if let (Some(country), Some(rate), Some(from), true) = (country, rate, from, problems.is_empty()) {
        if let Some(row) = store::succeed(&mut tx, &class, country, rate, from, app.now()).await? {
            let after = serde_json::json!({ "class": row.class, "country": row.country, "percent": row.rate.to_string(), "from": row.from, "until": row.until });
            staff::audit(&mut *tx, staff.actor(), "create", "tax rate", &format!("{country} {class}"), None, Some(after), app.now()).await?;
            invalidation::rules_changed(&mut tx).await?;
            tx.commit().await?;
            app.changed().await;
            return Ok(frame.see_other_saying("/admin/settings/taxes", "tax-flash-saved"));
        }
        problems.add("from", "A rate of this class and country begins on that very day already.");
    }
    tx.rollback().await?;
    page(&app, &frame, "", &fields, &problems).await
}

/// The first moment of a day (`2026-11-25`) in a zone.
fn midnight(day: &str, zone: &str) -> Option<Instant> {
    let date: jiff::civil::Date = day.parse().ok().filter(|date: &jiff::civil::Date| (1970..=2200).contains(&date.year()))?;
    let begin = date.to_zoned(jiff::tz::TimeZone::get(zone).ok()?).ok()?;
    Some(Instant::new(begin.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::midnight;

    #[test]
    fn a_rate_begins_at_midnight_of_the_shop() {
        assert_eq!(midnight("2026-07-01", "Europe/Dublin").map(|at| at.to_string()).as_deref(), Some("2026-06-30T23:00:00Z"));
        assert!(midnight("tomorrow", "Europe/Dublin").is_none() && midnight("9999-01-01", "Europe/Dublin").is_none());
    }
}
