//! The second step of signing in: a code of the app, or a recovery code. Who is here is nobody yet: the page knows only the
//! token of the first step, which opens nothing else.

use std::net::IpAddr;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use super::{user_agent, with_session};
use crate::app::App;
use crate::base::Actor;
use crate::platform::strongbox::Strongbox;
use crate::staff::entering::{awaited, complete};
use crate::staff::guard::{CODE, SIGN_IN};
use crate::staff::second_factor::{Answer, check};
use crate::web::cookies::Cookie;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::limits::Rate;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route(CODE, get(show).post(create))
}

#[derive(Template)]
#[template(path = "staff/admin/code.html")]
struct Page<'a> {
    name: &'a str,
    problems: &'a Problems,
}

/// A code as typed: a recovery code has a field of its own, for the other one brings up a phone's digits. The field's name, and
/// what stands in it.
pub(super) fn typed<'a>(fields: &'a Fields, name: &'static str) -> (&'static str, &'a str) {
    let recovery = fields.get("recovery");
    if recovery.is_empty() { (name, fields.get(name)) } else { ("recovery", recovery) }
}

/// What to say where nothing was typed; it is no try.
pub(super) const NOTHING: &str = "Type the six digits of your app, or a recovery code.";

/// What to say of a code that was not taken, and with which status.
pub(super) fn refusal(answer: Answer) -> Option<(StatusCode, String)> {
    let (status, sentence) = match answer {
        Answer::Right => return None,
        Answer::Wrong => {
            (StatusCode::UNPROCESSABLE_ENTITY, "This code is not right. Codes change every 30 seconds: is the clock of your phone right?".to_owned())
        }
        Answer::Used => (StatusCode::UNPROCESSABLE_ENTITY, "This code was used already. Wait until the app shows the next one.".to_owned()),
        Answer::TooMany(seconds) => {
            let wait = if seconds > 3_600 { "tomorrow".to_owned() } else { format!("in {} minutes", seconds / 60) };
            let more = "Nobody's code is looked at until then, yours included; a recovery code still works.";
            (StatusCode::TOO_MANY_REQUESTS, format!("Too many wrong codes. Try again {wait}. {more}"))
        }
        Answer::Unreadable => {
            let what = "The shop cannot read your second factor: its key is missing on the server (WHARF_SECRET_KEYS). A recovery code still works.";
            (StatusCode::SERVICE_UNAVAILABLE, what.to_owned())
        }
    };
    Some((status, sentence))
}

async fn show(State(app): State<App>, frame: AdminFrame, headers: HeaderMap) -> PageResult {
    let token = Cookie::StaffCode.read(&headers, app.config.is_https()).unwrap_or_default();
    match awaited(&app.db, &token, app.now()).await? {
        Some(member) => frame.page("Sign in", Page { name: &member.name, problems: &Problems::default() }),
        None => Ok(Redirect::to(SIGN_IN).into_response()),
    }
}

async fn create(State(app): State<App>, frame: AdminFrame, Extension(from): Extension<IpAddr>, headers: HeaderMap, fields: Fields) -> PageResult {
    app.rates.check(Rate::Credentials, from).map_err(AppError::TooMany)?;
    let (at, https) = (app.now(), app.config.is_https());
    let token = Cookie::StaffCode.read(&headers, https).unwrap_or_default();
    let Some(member) = awaited(&app.db, &token, at).await? else { return Ok(Redirect::to(SIGN_IN).into_response()) };
    let (field, code) = typed(&fields, "code");
    let refused = if code.is_empty() {
        Some((StatusCode::UNPROCESSABLE_ENTITY, NOTHING.to_owned()))
    } else {
        let strongbox = Strongbox::open(&app.config, &app.db).await?;
        let answer = check(&app.db, &strongbox, member.id, code, Actor::Guest, from, at).await?;
        app.enqueued();
        refusal(answer)
    };
    if let Some((status, sentence)) = refused {
        let mut problems = Problems::default();
        problems.add(field, sentence);
        return frame.page_with(status, "Sign in", Page { name: &member.name, problems: &problems });
    }
    let mut tx = app.db.begin().await?;
    let Some(session) = complete(&mut tx, &token, &user_agent(&headers), at).await? else { return Ok(Redirect::to(SIGN_IN).into_response()) };
    tx.commit().await?;
    let mut response = with_session(&app, Redirect::to("/admin").into_response(), &session);
    response.headers_mut().append(header::SET_COOKIE, Cookie::StaffCode.clear(https));
    Ok(response)
}
