//! Signing in with a password, and out.

use std::net::IpAddr;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::{entered, typed_password, user_agent};
use crate::app::App;
use crate::staff::entering::{SignIn, WINDOW_SECONDS, check, enter};
use crate::staff::guard::SIGN_IN;
use crate::staff::role::Anyone;
use crate::staff::{Staff, audit, store};
use crate::web::cookies::Cookie;
use crate::web::form::Fields;
use crate::web::frame::AdminFrame;
use crate::web::limits::Rate;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route(SIGN_IN, get(new).post(create)).route("/admin/sign-out", post(destroy))
}

#[derive(Template)]
#[template(path = "staff/admin/sign_in.html")]
struct Page<'a> {
    email: &'a str,
    is_refused: bool,
}

async fn new(frame: AdminFrame) -> PageResult {
    if !frame.name.is_empty() {
        return Ok(Redirect::to("/admin").into_response());
    }
    frame.page("Sign in", Page { email: "", is_refused: false })
}

async fn create(State(app): State<App>, frame: AdminFrame, Extension(from): Extension<IpAddr>, headers: HeaderMap, fields: Fields) -> PageResult {
    app.rates.check(Rate::Credentials, from).map_err(AppError::TooMany)?;
    let id = match check(&app.db, fields.get("email"), typed_password(&fields, "password"), from, app.now()).await? {
        SignIn::Welcome(id) => id,
        SignIn::Refused => {
            return frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, "Sign in", Page { email: fields.get("email"), is_refused: true });
        }
        SignIn::TooMany => return Err(AppError::TooMany(u64::try_from(WINDOW_SECONDS).unwrap_or_default())),
    };
    let old = Cookie::Staff.read(&headers, app.config.is_https());
    let mut tx = app.db.begin().await?;
    let step = enter(&mut tx, id, &user_agent(&headers), old.as_deref(), app.now()).await?;
    tx.commit().await?;
    Ok(entered(&app, &step))
}

async fn destroy(State(app): State<App>, staff: Staff<Anyone>) -> PageResult {
    let mut tx = app.db.begin().await?;
    store::delete_session(&mut *tx, staff.id, staff.session).await?;
    audit(&mut *tx, staff.actor(), "sign out", "staff", &staff.id.to_string(), None, None, app.now()).await?;
    tx.commit().await?;
    let mut response: Response = Redirect::to(SIGN_IN).into_response();
    response.headers_mut().append(header::SET_COOKIE, Cookie::Staff.clear(app.config.is_https()));
    Ok(response)
}
