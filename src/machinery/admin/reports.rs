//! What browsers refused on the shop's pages, in calm words; staff say that they have looked at it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

use crate::app::App;
use crate::base::Instant;
use crate::machinery::report::Listed;
use crate::machinery::store;
use crate::staff;
use crate::staff::{Books, Staff};
use crate::web::PageResult;
use crate::web::filters;
use crate::web::form::Fields;
use crate::web::frame::AdminFrame;

const PATH: &str = "/admin/browser-reports";

pub fn routes() -> Router<App> {
    Router::new().route(PATH, get(index)).route("/admin/browser-reports/looked", post(update))
}

#[derive(Template)]
#[template(path = "machinery/admin/reports.html")]
struct Index<'a> {
    reports: &'a [Listed],
    /// The newest that is shown, in microseconds since 1970, where any is new: what comes meanwhile stays new.
    until: Option<i64>,
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Books>) -> PageResult {
    let reports = store::reports(&app.db).await?;
    let until = reports.iter().filter(|report| report.is_new).map(|report| report.first_seen_at.micros()).max();
    frame.page("Browser reports", Index { reports: &reports, until })
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, fields: Fields) -> PageResult {
    let until = Instant::from_micros(fields.get("until").parse().unwrap_or_default());
    let mut tx = app.db.begin().await?;
    let rows = store::look_at_reports(&mut *tx, until, app.now()).await?;
    if rows > 0 {
        let after = serde_json::json!({ "rows": rows });
        staff::audit(&mut *tx, staff.actor(), "look at", "browser reports", "", None, Some(after), app.now()).await?;
    }
    tx.commit().await?;
    Ok(frame.see_other_saying(PATH, "machinery-flash-looked"))
}
