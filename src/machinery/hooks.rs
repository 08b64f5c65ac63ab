//! Browsers calling us: what they refused to do on one of the shop's pages (PCI DSS 11.6.1). Anybody can send such a message,
//! so it is folded, counted and bounded, and nothing else follows from it.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;

use super::report::{self, Report};
use super::store;
use crate::app::App;
use crate::web::headers::REPORTS;
use crate::web::limits::REPORT_BYTES;

pub fn hook_routes() -> Router<App> {
    Router::new().route(REPORTS, post(create)).layer(DefaultBodyLimit::max(REPORT_BYTES))
}

/// 204, or 400 where the message holds nothing about a page of ours. Neither is logged: who sends junk shall not fill the log.
async fn create(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let reports = folded(&app, content_type, &body);
    if reports.is_empty() {
        metrics::counter!("wharf_browser_reports_refused_total").increment(1);
        return StatusCode::BAD_REQUEST;
    }
    match keep(&app, &reports).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::debug!(%error, "a report of a browser could not be stored");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// The reports of a message, each once, and how often it was there.
fn folded(app: &App, content_type: &str, body: &[u8]) -> BTreeMap<Report, i64> {
    let (origin, rules) = (app.config.origin(), app.rules());
    let inside = |path: &str| rules.pair_of(path).map_or(path, |(_, _, rest)| rest).to_owned();
    let mut folded = BTreeMap::new();
    for report in report::read(content_type, body).unwrap_or_default().iter().filter_map(|sent| Report::of(sent, &origin, inside)) {
        *folded.entry(report).or_default() += 1;
    }
    folded
}

async fn keep(app: &App, reports: &BTreeMap<Report, i64>) -> sqlx::Result<()> {
    for (report, times) in reports {
        if store::note_report(&app.db, report, *times, app.now()).await? {
            store::drop_surplus_reports(&app.db, report.page).await?;
        }
        metrics::counter!("wharf_browser_reports_total").increment(u64::try_from(*times).unwrap_or_default());
    }
    Ok(())
}
