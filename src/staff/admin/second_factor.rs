//! Somebody's own second factor: set up, replaced, taken away; recovery codes made anew.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::{user_agent, with_session};
use crate::app::App;
use crate::base::Instant;
use crate::platform::strongbox::Strongbox;
use crate::staff::factor::{Factor, RECOVERY_CODES, Typed, grouped};
use crate::staff::guard::SECOND_FACTOR;
use crate::staff::guard::proof::Proven;
use crate::staff::role::Anyone;
use crate::staff::{Staff, second_factor, store};
use crate::web::filters;
use crate::web::form::Problems;
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult, qr};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin/me/second-factor", get(show).post(create))
        .route("/admin/me/second-factor/new", get(new).post(confirm))
        .route("/admin/me/second-factor/recovery-codes", post(renew))
        .route("/admin/me/second-factor/remove", post(remove))
}

#[derive(Template)]
#[template(path = "staff/admin/second_factor.html")]
struct Page {
    /// Since when it is asked for.
    since: Option<Instant>,
    left: i64,
    of: usize,
    /// Whether this role works only with one.
    is_mandatory: bool,
}

fn is_mandatory(app: &App, staff: &Staff<Anyone>) -> bool {
    staff.role.needs_second_factor() && !app.config.is_test()
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    let since = store::factor(&app.db, staff.id).await?.confirmed_at;
    let left = store::recovery_codes_left(&app.db, staff.id).await?;
    frame.page("Second factor", Page { since, left, of: RECOVERY_CODES, is_mandatory: is_mandatory(&app, &staff) })
}

async fn create(State(app): State<App>, staff: Staff<Anyone>, _: Proven) -> PageResult {
    let strongbox = Strongbox::open(&app.config, &app.db).await?;
    second_factor::offer(&app.db, &strongbox, staff.id, app.now()).await?;
    Ok(Redirect::to("/admin/me/second-factor/new").into_response())
}

#[derive(Template)]
#[template(path = "staff/admin/second_factor_new.html")]
struct New<'a> {
    qr_svg: String,
    groups: String,
    problems: &'a Problems,
}

fn offer(frame: &AdminFrame, staff: &Staff<Anyone>, factor: &Factor, problems: &Problems) -> PageResult {
    let address = factor.address(&frame.site.shop_name, staff.email.as_str())?;
    let qr_svg = qr::svg(&address, "QR code for your authenticator app")?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    frame.page_with(status, "Set up a second factor", New { qr_svg, groups: factor.groups(), problems })
}

/// What was offered, else the way back to where it is asked for.
async fn offered(app: &App, staff: &Staff<Anyone>) -> Result<Result<(Factor, Vec<u8>), Response>, AppError> {
    let strongbox = Strongbox::open(&app.config, &app.db).await?;
    let found = second_factor::offered(&app.db, &strongbox, staff.id, app.now()).await?;
    Ok(found.ok_or_else(|| Redirect::to(SECOND_FACTOR).into_response()))
}

async fn new(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    // The secret is shown to nobody who finds the desk open.
    if !staff.has_proved(app.now()) {
        return Ok(Redirect::to(SECOND_FACTOR).into_response());
    }
    match offered(&app, &staff).await? {
        Ok((factor, _)) => offer(&frame, &staff, &factor, &Problems::default()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

#[derive(Template)]
#[template(path = "staff/admin/recovery_codes.html")]
struct Codes {
    codes: Vec<String>,
    is_new: bool,
}

/// The answer to the form itself shows the codes, for they are stored hashed and never shown again.
fn codes(frame: &AdminFrame, codes: &[String], is_new: bool) -> PageResult {
    frame.page("Recovery codes", Codes { codes: codes.iter().map(|code| grouped(code)).collect(), is_new })
}

async fn confirm(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, headers: HeaderMap, Proven(fields): Proven) -> PageResult {
    let (factor, locked) = match offered(&app, &staff).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let at = app.now();
    let step = match Typed::read(fields.get("code")) {
        Typed::App(digits) => factor.step_of(&digits, at),
        _ => None,
    };
    let Some(step) = step else {
        let mut problems = Problems::default();
        problems.add("code", "This is not the code of this secret. Is the clock of your phone right, and the app's newest entry open?");
        return offer(&frame, &staff, &factor, &problems);
    };
    let mut tx = app.db.begin().await?;
    let Some(fresh) = second_factor::confirm(&mut tx, staff.id, &locked, step, at).await? else {
        return Ok(Redirect::to(SECOND_FACTOR).into_response());
    };
    let session = store::insert_session(&mut *tx, staff.id, &user_agent(&headers), at).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(with_session(&app, codes(&frame, &fresh, true)?, &session))
}

async fn renew(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, _: Proven) -> PageResult {
    if !staff.has_factor {
        return Ok(Redirect::to(SECOND_FACTOR).into_response());
    }
    let mut tx = app.db.begin().await?;
    let fresh = second_factor::renew_codes(&mut tx, staff.id, app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    codes(&frame, &fresh, false)
}

async fn remove(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>, _: Proven) -> PageResult {
    if is_mandatory(&app, &staff) {
        return Err(AppError::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    second_factor::remove(&mut tx, staff.id, staff.actor(), app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying(SECOND_FACTOR, "staff-flash-factor-removed"))
}
