//! The public's pages: asking, confirming, leaving.

mod ask;
mod confirm;
mod leave;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;

use crate::app::App;
use crate::web::filters;
use crate::web::headers::Policy;
use crate::web::{Frame, Meta, PageResult, limits};

/// Private pages, without the pair's prefix.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/newsletter", get(ask::new).post(ask::create))
        .route("/newsletter/confirm/{token}", get(confirm::show).post(confirm::update))
        .route("/newsletter/unsubscribe/{token}", get(leave::show).post(leave::update).layer(DefaultBodyLimit::max(limits::FORM_BYTES)))
}

/// The head of a page whose address holds a token.
fn secret(frame: &Frame, title: &str) -> Meta {
    Meta { title: frame.text(title), is_private: true, policy: Policy { hides_address: true, ..Policy::default() }, ..Meta::default() }
}

#[derive(Template)]
#[template(path = "newsletter/stale.html")]
struct StalePage;

/// A link that was used, ended, or never was.
fn stale(frame: &Frame) -> PageResult {
    frame.page_with(StatusCode::NOT_FOUND, secret(frame, "newsletter-stale-title"), StalePage)
}
