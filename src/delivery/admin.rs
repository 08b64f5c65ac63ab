//! Zones and delivery methods: what they are called, what they cost by weight, how long they take; new ones, and ends.

mod bands;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::store;
use super::table::{DeliveryTable, Method, Zone};
use crate::app::App;
use crate::base::{Country, Instant, MethodId, Money, ZoneId};
use crate::fulfillment;
use crate::platform::invalidation;
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::form::{Fields, Problems, whole_number};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, PageResult, filters};

pub fn admin_routes() -> Router<App> {
    Router::new()
        .route("/admin/settings/delivery", get(index))
        .route("/admin/settings/delivery/zones", post(create_zone))
        .route("/admin/settings/delivery/new", get(new).post(create))
        .route("/admin/settings/delivery/{id}", get(edit).post(update))
        .route("/admin/settings/delivery/{id}/end", post(end))
}

/// A zone with its areas in words, and its methods.
struct Listed<'a> {
    zone: &'a Zone,
    areas: String,
    methods: Vec<&'a Method>,
}

#[derive(Template)]
#[template(path = "delivery/admin/index.html")]
struct Index<'a> {
    zones: Vec<Listed<'a>>,
    fields: &'a Fields,
    problems: &'a Problems,
}

impl Index<'_> {
    /// The carrier's own name; "Any" where it is chosen with the parcel.
    fn carrier_name(&self, method: &Method) -> String {
        if method.carrier.is_empty() {
            return "Any".to_owned();
        }
        fulfillment::carrier(&method.carrier).map_or_else(|| method.carrier.clone(), |carrier| carrier.name.clone())
    }

    /// Grams as people say them.
    fn weight(&self, grams: &i64) -> String {
        let grams = *grams;
        if grams >= 1_000 && grams % 100 == 0 { format!("{} kg", rust_decimal::Decimal::new(grams, 3).normalize()) } else { format!("{grams} g") }
    }
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    overview(&app, &frame, &Fields::default(), &Problems::default()).await
}

async fn overview(app: &App, frame: &AdminFrame, fields: &Fields, problems: &Problems) -> PageResult {
    let mut db = app.db.acquire().await?;
    let table = store::load(&mut db).await?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    frame.page_with(status, "Delivery", Index { zones: listed(&table, app.now()), fields, problems })
}

/// A new zone: a name and its areas, one a line.
async fn create_zone(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let known = store::load(&mut tx).await?;
    let mut problems = Problems::default();
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        problems.add("name", "Enter a name of at most 100 characters.");
    } else if known.zones().iter().any(|zone| zone.name == name) {
        problems.add("name", "There is a zone of this name.");
    }
    let areas = read_areas(fields.get("areas"), known.zones()).unwrap_or_else(|sentence| {
        problems.add("areas", sentence);
        Vec::new()
    });
    if !problems.is_empty() {
        tx.rollback().await?;
        return overview(&app, &frame, &fields, &problems).await;
    }
    let zone = Zone { id: ZoneId::fresh(at), name, areas };
    let position = i32::try_from(known.zones().len()).unwrap_or(i32::MAX - 1) + 1;
    store::insert_zone(&mut tx, &zone, position).await?;
    let after = json!({ "name": zone.name, "areas": fields.get("areas") });
    staff::audit(&mut *tx, staff.actor(), "create", "delivery zone", &zone.id.to_string(), None, Some(after), at).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/delivery", "delivery-flash-zone"))
}

/// One area a line: a country, or a country and how postcodes begin there. The error is a sentence that names the line.
fn read_areas(text: &str, known: &[Zone]) -> Result<Vec<(Country, String)>, String> {
    let mut areas: Vec<(Country, String)> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |what: &str| format!("Line {}: {what}", at + 1);
        let (code, prefix) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
        let country = Country::parse(&code.to_uppercase()).ok_or_else(|| fault("begin with a country's code of two letters, such as IE."))?;
        let prefix: String = prefix.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase();
        if prefix.len() > 10 || !prefix.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(fault("a postcode begins with letters and digits."));
        }
        let area = (country, prefix);
        if areas.contains(&area) || known.iter().any(|zone| zone.areas.contains(&area)) {
            return Err(fault("this area is in a zone already."));
        }
        areas.push(area);
    }
    match areas.len() {
        0 => Err("Enter at least one area, such as IE or ES 07.".into()),
        1..=500 => Ok(areas),
        _ => Err("At most 500 lines.".into()),
    }
}

fn listed(table: &DeliveryTable, now: Instant) -> Vec<Listed<'_>> {
    let area = |(country, prefix): &(crate::base::Country, String)| {
        if prefix.is_empty() { country.name().to_owned() } else { format!("{} {prefix}…", country.name()) }
    };
    table
        .zones()
        .iter()
        .map(|zone| Listed {
            zone,
            areas: zone.areas.iter().map(area).collect::<Vec<_>>().join(", "),
            methods: table.methods().iter().filter(|method| method.zone == zone.id && method.until.is_none_or(|until| until > now)).collect(),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "delivery/admin/edit.html")]
struct Edit<'a> {
    method: &'a Method,
    /// A method that is not there yet is in this zone.
    new_in: Option<&'a Zone>,
    carriers: Vec<(&'static str, &'static fulfillment::Carrier)>,
    fields: &'a Fields,
    rows: Vec<bands::Row>,
    problems: &'a Problems,
    version: i32,
}

#[derive(serde::Deserialize)]
struct Wanted {
    zone: ZoneId,
}

/// The zone that a new method is for, and the method as the form opens.
async fn blank(app: &App, zone: ZoneId) -> Result<(Zone, Method), AppError> {
    let mut db = app.db.acquire().await?;
    let table = store::load(&mut db).await?;
    let zone = table.zones().iter().find(|known| known.id == zone).cloned().ok_or(AppError::NotFound)?;
    let method = Method {
        id: MethodId::fresh(app.now()),
        zone: zone.id,
        name: "New method".into(),
        carrier: String::new(),
        currency: app.rules().shop.currency,
        bands: Vec::new(),
        free_over: None,
        tax_class: "proportional".into(),
        min_days: 1,
        max_days: 3,
        position: i32::try_from(table.methods().len()).unwrap_or(i32::MAX - 1) + 1,
        from: None,
        until: None,
        version: 1,
    };
    Ok((zone, method))
}

fn edit_page(
    frame: &AdminFrame,
    status: StatusCode,
    method: &Method,
    new_in: Option<&Zone>,
    fields: &Fields,
    problems: &Problems,
    version: i32,
) -> PageResult {
    frame.page_with(
        status,
        &method.name,
        Edit { method, new_in, carriers: fulfillment::carriers(), fields, rows: bands::rows(fields), problems, version },
    )
}

async fn new(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>, Query(wanted): Query<Wanted>) -> PageResult {
    let (zone, method) = blank(&app, wanted.zone).await?;
    let fields = written(&method).with("name", "");
    edit_page(&frame, StatusCode::OK, &method, Some(&zone), &fields, &Problems::default(), method.version)
}

async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, Query(wanted): Query<Wanted>, fields: Fields) -> PageResult {
    let (zone, blank) = blank(&app, wanted.zone).await?;
    let mut problems = Problems::default();
    let method = checked(&blank, &fields, &mut problems);
    if !problems.is_empty() {
        return edit_page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &blank, Some(&zone), &fields, &problems, blank.version);
    }
    let mut tx = app.db.begin().await?;
    store::insert_method(&mut tx, &method).await?;
    staff::audit(&mut *tx, staff.actor(), "create", "delivery method", &method.id.to_string(), None, Some(noted(&method)), app.now()).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/delivery", "delivery-flash-saved"))
}

/// From now on the method is not offered; orders that chose it keep what they were promised.
async fn end(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, Path(id): Path<MethodId>) -> PageResult {
    let was = one(&app, id).await?;
    let mut tx = app.db.begin().await?;
    if store::end_method(&mut tx, id, app.now()).await? {
        staff::audit(&mut *tx, staff.actor(), "end", "delivery method", &id.to_string(), Some(noted(&was)), None, app.now()).await?;
        invalidation::rules_changed(&mut tx).await?;
    }
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/delivery", "delivery-flash-ended"))
}

async fn one(app: &App, id: MethodId) -> Result<Method, AppError> {
    let mut db = app.db.acquire().await?;
    store::list_methods(&mut db).await?.into_iter().find(|method| method.id == id).ok_or(AppError::NotFound)
}

fn written(method: &Method) -> Fields {
    bands::written(Fields::default(), &method.bands, method.currency)
        .with("name", &method.name)
        .with("carrier", &method.carrier)
        .with("free_over", method.free_over.map(Money::plain).unwrap_or_default())
        .with("min_days", method.min_days.to_string())
        .with("max_days", method.max_days.to_string())
}

async fn edit(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>, Path(id): Path<MethodId>) -> PageResult {
    let method = one(&app, id).await?;
    edit_page(&frame, StatusCode::OK, &method, None, &written(&method), &Problems::default(), method.version)
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, Path(id): Path<MethodId>, fields: Fields) -> PageResult {
    let was = one(&app, id).await?;
    let mut problems = Problems::default();
    let seen = fields.get("version").parse().unwrap_or_default();
    let to = Method { version: seen, ..checked(&was, &fields, &mut problems) };
    if !problems.is_empty() {
        return edit_page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &was, None, &fields, &problems, seen);
    }
    let mut tx = app.db.begin().await?;
    if !store::set_method(&mut tx, &to).await? {
        tx.rollback().await?;
        problems.add("name", "Somebody saved this since you opened it. What you typed is still here: look at it and save again.");
        return edit_page(&frame, StatusCode::CONFLICT, &was, None, &fields, &problems, was.version);
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
        "carrier": method.carrier,
        "bands": bands::told(&method.bands, method.currency),
        "free_over": method.free_over,
        "min_days": method.min_days,
        "max_days": method.max_days,
    })
}

fn checked(was: &Method, fields: &Fields, problems: &mut Problems) -> Method {
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        problems.add("name", "Enter a name of at most 100 characters.");
    }
    let carrier = fields.get("carrier").to_owned();
    if !carrier.is_empty() && fulfillment::carrier(&carrier).is_none() {
        problems.add("carrier", "Choose a carrier.");
    }
    let bands = bands::read(fields, was.currency, problems);
    let free_over = typed::amount(fields, "free_over", was.currency, problems).map(|minor| Money::new(minor, was.currency));
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
    Method { name, carrier, bands, free_over, min_days, max_days, ..was.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_countries_and_beginnings_of_postcodes() {
        let spain = Country::parse("ES").expect("a country");
        let known = [Zone { id: ZoneId::from_uuid(uuid::Uuid::nil()), name: "Spain".into(), areas: vec![(spain, String::new())] }];
        assert_eq!(read_areas("es 07\nES 35-38", &known), Ok(vec![(spain, "07".into()), (spain, "3538".into())]));
        for bad in ["", "XX", "ES", "ES 07\nES 07", "ES ü"] {
            assert!(read_areas(bad, &known).is_err(), "{bad:?}");
        }
    }
}
