//! The page that a new shop is opened on. The owner comes here by itself, for there is nothing else to do.

mod typed;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use self::typed::{checked, fresh};
use super::opening::open;
use crate::app::App;
use crate::base::{Country, Currency};
use crate::markets::ShopSettings;
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{Fields, PageResult, Problems};

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/set-up", get(show).post(create))
}

#[derive(Template)]
#[template(path = "setup/admin/show.html")]
struct Show<'a> {
    fields: &'a Fields,
    problems: &'a Problems,
    countries: Vec<Country>,
    currencies: Vec<Currency>,
    zones: Vec<String>,
}

impl Show<'_> {
    fn sells_to(&self, country: &Country) -> bool {
        self.fields.all("to").any(|code| code == country.code())
    }
}

fn page(frame: &AdminFrame, status: StatusCode, fields: &Fields, problems: &Problems) -> PageResult {
    let mut countries = Country::all();
    countries.sort_by_key(|country| country.name());
    let zones = jiff::tz::db().available().map(|zone| zone.to_string()).filter(|zone| zone.contains('/')).collect();
    frame.page_with(status, "Open your shop", Show { fields, problems, countries, currencies: Currency::all(), zones })
}

async fn show(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    if !app.rules().markets.is_empty() {
        return Ok(Redirect::to("/admin").into_response());
    }
    page(&frame, StatusCode::OK, &fresh(), &Problems::default())
}

async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let Some(opening) = checked(&fields, &mut problems) else {
        return page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems);
    };
    let mut tx = app.db.begin().await?;
    if !open(&mut tx, &opening, at).await? {
        tx.rollback().await?;
        return Ok(frame.see_other_saying("/admin", "setup-flash-open-already"));
    }
    let after = serde_json::to_value(&opening.shop).ok();
    staff::audit(&mut *tx, staff.actor(), "opened", "settings", ShopSettings::KEY, None, after, at).await?;
    tx.commit().await?;
    app.changed().await;
    app.reload().await?;
    Ok(frame.see_other_saying("/admin", "setup-flash-open"))
}
