//! Delivery methods: what they are called, what they cost by weight, how long they take.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::store;
use super::table::{Band, DeliveryTable, Method};
use crate::app::App;
use crate::base::{Currency, MethodId, Money};
use crate::platform::invalidation;
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::form::{Fields, Problems, whole_number};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult, filters};

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/settings/delivery", get(index)).route("/admin/settings/delivery/{id}", get(edit).post(update))
}

/// A zone with its areas in words, and its methods.
struct Listed<'a> {
    zone: &'a str,
    areas: String,
    methods: Vec<&'a Method>,
}

#[derive(Template)]
#[template(path = "delivery/admin/index.html")]
struct Index<'a> {
    zones: Vec<Listed<'a>>,
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    let mut db = app.db.acquire().await?;
    let table = store::load(&mut db).await?;
    frame.page("Delivery", Index { zones: listed(&table) })
}

fn listed(table: &DeliveryTable) -> Vec<Listed<'_>> {
    let area = |(country, prefix): &(crate::base::Country, String)| {
        if prefix.is_empty() { country.name().to_owned() } else { format!("{} {prefix}…", country.name()) }
    };
    table
        .zones()
        .iter()
        .map(|zone| Listed {
            zone: &zone.name,
            areas: zone.areas.iter().map(area).collect::<Vec<_>>().join(", "),
            methods: table.methods().iter().filter(|method| method.zone == zone.id).collect(),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "delivery/admin/edit.html")]
struct Edit<'a> {
    method: &'a Method,
    fields: &'a Fields,
    problems: &'a Problems,
    version: i32,
}

async fn one(app: &App, id: MethodId) -> Result<Method, AppError> {
    let mut db = app.db.acquire().await?;
    store::list_methods(&mut db).await?.into_iter().find(|method| method.id == id).ok_or(AppError::NotFound)
}

fn written(method: &Method) -> Fields {
    Fields::default()
        .with("name", &method.name)
        .with("bands", written_bands(&method.bands, method.currency))
        .with("free_over", method.free_over.map(Money::plain).unwrap_or_default())
        .with("min_days", method.min_days.to_string())
        .with("max_days", method.max_days.to_string())
}

async fn edit(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>, Path(id): Path<MethodId>) -> PageResult {
    let method = one(&app, id).await?;
    frame.page(&method.name, Edit { fields: &written(&method), problems: &Problems::default(), version: method.version, method: &method })
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, Path(id): Path<MethodId>, fields: Fields) -> PageResult {
    let was = one(&app, id).await?;
    let mut problems = Problems::default();
    let seen = fields.get("version").parse().unwrap_or_default();
    let to = Method { version: seen, ..checked(&was, &fields, &mut problems) };
    if !problems.is_empty() {
        return frame.page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &was.name,
            Edit { method: &was, fields: &fields, problems: &problems, version: seen },
        );
    }
    let mut tx = app.db.begin().await?;
    if !store::set_method(&mut tx, &to).await? {
        tx.rollback().await?;
        problems.add("name", "Somebody saved this since you opened it. What you typed is still here: look at it and save again.");
        return frame.page_with(StatusCode::CONFLICT, &was.name, Edit { method: &was, fields: &fields, problems: &problems, version: was.version });
    }
    staff::audit(&mut *tx, staff.actor(), "update", "delivery method", &id.to_string(), Some(noted(&was)), Some(noted(&to)), app.now()).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/delivery", "delivery-flash-saved"))
}

fn noted(method: &Method) -> Value {
    json!({
        "name": method.name,
        "bands": written_bands(&method.bands, method.currency),
        "free_over": method.free_over.map(Money::plain),
        "min_days": method.min_days,
        "max_days": method.max_days,
    })
}

fn checked(was: &Method, fields: &Fields, problems: &mut Problems) -> Method {
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        problems.add("name", "Enter a name of at most 100 characters.");
    }
    let bands = read_bands(fields.get("bands"), was.currency).unwrap_or_else(|sentence| {
        problems.add("bands", sentence);
        Vec::new()
    });
    let free_over = match fields.get("free_over") {
        "" => None,
        text => Money::parse(text, was.currency).ok().filter(|amount| amount.minor() >= 0).or_else(|| {
            problems.add("free_over", "Enter an amount such as 50 or 49.90, or nothing.");
            None
        }),
    };
    let mut days = |name: &str| {
        whole_number(fields.get(name)).and_then(|n| i32::try_from(n).ok()).filter(|n| *n <= 365).unwrap_or_else(|| {
            problems.add(name, "Enter a whole number of days up to 365.");
            0
        })
    };
    let (min_days, max_days) = (days("min_days"), days("max_days"));
    if max_days < min_days {
        problems.add("max_days", "The longest time is shorter than the shortest.");
    }
    Method { name, bands, free_over, min_days, max_days, ..was.clone() }
}

/// One band a line: grams and amount, or only an amount for any weight above.
fn written_bands(bands: &[Band], currency: Currency) -> String {
    let line = |band: &Band| {
        let amount = Money::new(band.1, currency).plain();
        band.0.map_or(amount.clone(), |grams| format!("{grams} {amount}"))
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads what [`written_bands`] writes; the error is a sentence that names the line.
fn read_bands(text: &str, currency: Currency) -> Result<Vec<Band>, String> {
    let mut bands: Vec<Band> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |what: &str| format!("Line {}: {what}", at + 1);
        let (grams, amount) = match line.split_whitespace().collect::<Vec<_>>()[..] {
            [amount] => (None, amount),
            [grams, amount] => (Some(whole_number(grams).ok_or_else(|| fault("the weight is a whole number of grams."))?), amount),
            _ => return Err(fault("write grams and amount, such as 500 4.95.")),
        };
        let amount =
            Money::parse(amount, currency).ok().filter(|amount| amount.minor() >= 0).ok_or_else(|| fault("the amount is written such as 4.95."))?;
        match bands.last() {
            Some(Band(None, _)) => return Err(fault("a line without a weight must be the last one.")),
            Some(Band(Some(last), _)) if grams.is_some_and(|grams| grams <= *last) => return Err(fault("weights must grow from line to line.")),
            _ => bands.push(Band(grams, amount.minor())),
        }
    }
    match bands.len() {
        0 => Err("Enter at least one line, such as 4.95.".into()),
        1..=50 => Ok(bands),
        _ => Err("At most 50 lines.".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_read_as_they_are_written() {
        let bands = vec![Band(Some(500), 495), Band(Some(2000), 890), Band(None, 1500)];
        let text = written_bands(&bands, Currency::EUR);
        assert_eq!(text, "500 4.95\n2000 8.90\n15.00");
        assert_eq!(read_bands(&text, Currency::EUR), Ok(bands));
        for bad in ["", "4,95", "5.00\n6.00", "500 4.95\n500 5.95", "-1", "1 2 3", "500 -1"] {
            assert!(read_bands(bad, Currency::EUR).is_err(), "{bad:?}");
        }
    }
}
