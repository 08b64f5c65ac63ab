//! Staff's desk for the newsletter. Issues are content (`Catalog`); who reads them, and the file of them all, is
//! personal data (`Books`).

mod export;
mod issues;
mod outgoing;
mod subscribers;
mod suppressions;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::{get, post};

use super::issue::{Issue, State as Stage};
use super::store;
use super::store::deliveries::Count;
use super::store::subscribers::Numbers;
use crate::app::App;
use crate::base::IssueId;
use crate::staff::{Catalog, Permission, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{Fields, PageResult, filters};

/// Rows on one page of any list.
const PAGE: usize = 50;

pub fn admin_routes() -> Router<App> {
    Router::new()
        .route("/admin/newsletter", get(index))
        .route("/admin/newsletter/issues/new", get(issues::new).post(issues::save_new))
        .route("/admin/newsletter/issues/{id}", get(issues::show).post(issues::save))
        .route("/admin/newsletter/issues/{id}/delete", post(issues::remove))
        .route("/admin/newsletter/issues/{id}/preview", get(outgoing::preview))
        .route("/admin/newsletter/issues/{id}/test", post(outgoing::test))
        .route("/admin/newsletter/issues/{id}/send", post(outgoing::send))
        .route("/admin/newsletter/subscribers", get(subscribers::index))
        .route("/admin/newsletter/subscribers.csv", get(export::show))
        .route("/admin/newsletter/subscribers/{id}", get(subscribers::show))
        .route("/admin/newsletter/subscribers/{id}/unsubscribe", post(subscribers::unsubscribe))
        .route("/admin/newsletter/suppressions", get(suppressions::index).post(suppressions::create))
        .route("/admin/newsletter/suppressions/lift", post(suppressions::lift))
}

#[derive(Template)]
#[template(path = "newsletter/admin/index.html")]
struct Index {
    numbers: Numbers,
    issues: Vec<Issue>,
    counts: Vec<Count>,
    sees_readers: bool,
    sends: bool,
    older: Option<String>,
}

/// How far an issue is, as word and tone: letters that still wait are not sent, though all of them are written.
fn stage(issue: &Issue, count: Option<&Count>) -> (&'static str, &'static str) {
    match issue.state {
        Stage::Sent if count.is_some_and(|count| count.waiting > 0) => ("on its way", "is-warn"),
        Stage::Sent => (issue.state.code(), "is-good"),
        Stage::Sending => (issue.state.code(), "is-warn"),
        Stage::Draft => (issue.state.code(), "is-quiet"),
    }
}

impl Index {
    fn stage(&self, issue: &Issue) -> (&'static str, &'static str) {
        stage(issue, self.of(issue))
    }

    fn of(&self, issue: &Issue) -> Option<&Count> {
        self.counts.iter().find(|count| count.issue_id == issue.id)
    }
}

async fn index(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, RawQuery(query): RawQuery) -> PageResult {
    let before: Option<IssueId> = asked(query).get("before").parse().ok();
    let (issues, older) = page(store::issues::list(&app.db, before, limit()).await?);
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.id).collect();
    let view = Index {
        numbers: store::subscribers::numbers(&app.db).await?,
        counts: store::deliveries::counts(&app.db, &ids).await?,
        sees_readers: staff.role.may(Permission::Books),
        sends: app.mailer.is_configured(),
        older: issues.last().filter(|_| older).map(|last| format!("/admin/newsletter?before={}", last.id)),
        issues,
    };
    frame.page("Newsletter", view)
}

/// What the address asks for.
fn asked(query: Option<String>) -> Fields {
    Fields(form_urlencoded::parse(query.unwrap_or_default().replace("%00", "").as_bytes()).into_owned().collect())
}

fn limit() -> i64 {
    i64::try_from(PAGE).unwrap_or_default() + 1
}

/// One page of rows that were asked for with one more, and whether there are more.
fn page<T>(mut rows: Vec<T>) -> (Vec<T>, bool) {
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    (rows, has_more)
}
