//! Where somebody is signed in, and their password.

use std::net::IpAddr;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};

use super::{new_password, typed_password, user_agent, with_session};
use crate::app::App;
use crate::base::{Email, SessionId};
use crate::platform::device;
use crate::platform::secrets;
use crate::staff::entering::{SignIn, WINDOW_SECONDS, change_password, check};
use crate::staff::member::Session;
use crate::staff::role::{Anyone, Role};
use crate::staff::{Staff, audit, proof_wanted, store};
use crate::web::filters;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route("/admin/me", get(show)).route("/admin/me/password", post(update)).route("/admin/me/sessions/{id}/end", post(destroy))
}

#[derive(Template)]
#[template(path = "staff/admin/me.html")]
struct Page<'a> {
    name: &'a str,
    email: &'a Email,
    role: Role,
    current: SessionId,
    sessions: &'a [Session],
    has_password: bool,
    has_factor: bool,
    problems: &'a Problems,
}

async fn page(app: &App, frame: &AdminFrame, staff: &Staff<Anyone>, problems: &Problems) -> PageResult {
    let sessions = store::sessions(&app.db, staff.id, app.now()).await?;
    let has_password = store::password_hash(&app.db, staff.id).await?.is_some();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page {
        name: &staff.name,
        email: &staff.email,
        role: staff.role,
        current: staff.session,
        sessions: &sessions,
        has_password,
        has_factor: staff.has_factor,
        problems,
    };
    frame.page_with(status, "Your account", page)
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    page(&app, &frame, &staff, &Problems::default()).await
}

async fn update(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Anyone>,
    Extension(from): Extension<IpAddr>,
    headers: HeaderMap,
    fields: Fields,
) -> PageResult {
    let mut problems = Problems::default();
    let has_password = store::password_hash(&app.db, staff.id).await?.is_some();
    // An owner who came by the terminal's link may have no password yet. Who has one proves it in this very form.
    if !has_password && let Some(question) = proof_wanted(&app, &frame, &staff, &fields).await? {
        return Ok(question);
    }
    let password = new_password(&fields, staff.email.as_str(), &mut problems);
    if problems.is_empty() && has_password {
        match check(&app.db, staff.email.as_str(), typed_password(&fields, "current"), from, app.now()).await? {
            SignIn::Welcome(id) if id == staff.id => {}
            SignIn::TooMany => return Err(AppError::TooMany(u64::try_from(WINDOW_SECONDS).unwrap_or_default())),
            _ => problems.add("current", "This is not your current password."),
        }
    }
    if !problems.is_empty() {
        return page(&app, &frame, &staff, &problems).await;
    }
    let hash = secrets::hash_password(password).await?;
    let mut tx = app.db.begin().await?;
    let token = change_password(&mut tx, staff.id, &hash, &user_agent(&headers), app.now()).await?;
    tx.commit().await?;
    Ok(with_session(&app, frame.see_other_saying("/admin/me", "staff-flash-password"), &token))
}

async fn destroy(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, Path(session): Path<SessionId>) -> PageResult {
    let mut tx = app.db.begin().await?;
    if store::delete_session(&mut *tx, staff.id, session).await? {
        audit(&mut *tx, staff.actor(), "end session", "staff", &staff.id.to_string(), None, None, app.now()).await?;
    }
    tx.commit().await?;
    Ok(frame.see_other_saying("/admin/me", "staff-flash-session"))
}
