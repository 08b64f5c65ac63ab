//! The staff's own pages.

mod code;
mod invitation;
mod me;
mod open;
mod proof;
mod second_factor;
mod sign_in;
mod team;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::entering::{CODE_SECONDS, Entered};
use super::guard::CODE;
use super::member::password_fault;
use super::store;
use crate::app::App;
use crate::web::cookies::Cookie;
use crate::web::form::{Fields, Problems};
use crate::web::headers::Policy;
use crate::web::limits;

pub fn admin_routes() -> Router<App> {
    Router::new()
        .merge(sign_in::routes())
        .merge(code::routes())
        .merge(open::routes())
        .merge(invitation::routes())
        .merge(proof::routes())
        .merge(me::routes())
        .merge(second_factor::routes())
        .merge(team::routes())
}

/// What the browser calls itself, for the list of sessions.
fn user_agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown").chars().take(200).collect()
}

fn with_session(app: &App, mut response: Response, token: &str) -> Response {
    response.headers_mut().append(header::SET_COOKIE, Cookie::Staff.set(token, store::DAYS * 86_400, app.config.is_https()));
    response
}

/// On from the first step: into the admin, or to the question for the second factor.
fn entered(app: &App, entered: &Entered) -> Response {
    match entered {
        Entered::Whole(token) => with_session(app, Redirect::to("/admin").into_response(), token),
        Entered::AwaitsCode(token) => {
            let mut response = Redirect::to(CODE).into_response();
            response.headers_mut().append(header::SET_COOKIE, Cookie::StaffCode.set(token, CODE_SECONDS, app.config.is_https()));
            response
        }
    }
}

/// The address of the page is a secret: the next site must not learn it.
fn hiding_address(mut response: Response) -> Response {
    response.extensions_mut().insert(Policy { hides_address: true, ..Policy::default() });
    response
}

/// A password as typed: not trimmed, for spaces may be part of it.
fn typed_password(fields: &Fields, name: &str) -> String {
    fields.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

fn checked_name(fields: &Fields, problems: &mut Problems) -> String {
    let name = fields.get("name").to_owned();
    if name.is_empty() {
        problems.add("name", "Enter a name.");
    } else if name.chars().count() > limits::LINE || name.chars().any(char::is_control) {
        problems.add("name", "This name is too long.");
    }
    name
}

/// A new password and its repetition.
fn new_password(fields: &Fields, email: &str, problems: &mut Problems) -> String {
    let password = typed_password(fields, "password");
    if let Some(fault) = password_fault(&password, email) {
        problems.add("password", fault);
    } else if password != typed_password(fields, "repeated") {
        problems.add("repeated", "The two passwords are not the same.");
    }
    password
}
