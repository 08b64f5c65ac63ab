//! Letters as they were written. The HTML twin is shown by itself, in a sandbox without scripts.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;
use crate::base::MailId;
use crate::machinery::store;
use crate::platform::mail;
use crate::platform::mail::Mail;
use crate::staff::{Books, Role, Staff};
use crate::web::filters;
use crate::web::frame::AdminFrame;
use crate::web::letter::SANDBOX;
use crate::web::{AppError, PageResult};

/// Letters on a page.
const PAGE: usize = 50;

pub fn routes() -> Router<App> {
    Router::new().route("/admin/mails", get(index)).route("/admin/mails/{id}", get(show)).route("/admin/mails/{id}/html", get(html))
}

#[derive(serde::Deserialize)]
struct Wanted {
    #[serde(default)]
    status: String,
    before: Option<MailId>,
}

const STATES: [&str; 5] = ["queued", "sending", "sent", "failed", "kept"];

#[derive(Template)]
#[template(path = "machinery/admin/mails.html")]
struct Index<'a> {
    mails: &'a [Mail],
    states: [&'static str; 5],
    status: &'a str,
    sends: bool,
    older: Option<String>,
}

async fn index(State(app): State<App>, frame: AdminFrame, _staff: Staff<Books>, Query(wanted): Query<Wanted>) -> PageResult {
    let limit = i64::try_from(PAGE).unwrap_or_default() + 1;
    let status = STATES.into_iter().find(|state| *state == wanted.status).unwrap_or_default();
    let mut mails = if status.is_empty() {
        mail::list(&app.db, wanted.before, limit).await?
    } else {
        store::mails_in(&app.db, status, wanted.before, limit).await?
    };
    let has_older = mails.len() > PAGE;
    mails.truncate(PAGE);
    let older = mails.last().filter(|_| has_older).map(|last| format!("/admin/mails?status={status}&before={}", last.id));
    frame.page("Mail", Index { mails: &mails, states: STATES, status, sends: app.mailer.is_configured(), older })
}

#[derive(Template)]
#[template(path = "machinery/admin/mail.html")]
struct Show<'a> {
    mail: &'a Mail,
    is_open: bool,
}

/// An invitation holds a link that opens an account, maybe an owner's: only owners read it.
fn may_read(mail: &Mail, role: Role) -> bool {
    mail.kind != "staff-invitation" || role == Role::Owner
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, Path(id): Path<MailId>) -> PageResult {
    let mail = mail::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    frame.page(&mail.subject, Show { is_open: may_read(&mail, staff.role), mail: &mail })
}

async fn html(State(app): State<App>, staff: Staff<Books>, Path(id): Path<MailId>) -> PageResult {
    let mail = mail::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    if !may_read(&mail, staff.role) {
        return Err(AppError::Forbidden);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, mail.html).into_response())
}
