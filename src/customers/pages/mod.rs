//! The account pages: signing in and up, resetting, confirming, and everything behind the door.

mod addresses;
mod caller;
mod details;
mod guard;
mod orders;
mod overview;
mod reset;
mod sessions;
mod sign_in;
mod sign_up;
mod verify;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use guard::Guard;

use super::account::Account;
use crate::app::App;
use crate::web::headers::Policy;
use crate::web::{Frame, Meta, SignedIn, Visitor};

/// Private pages, without the pair's prefix.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/account/sign-in", get(sign_in::new).post(sign_in::create))
        .route("/account/sign-up", get(sign_up::new).post(sign_up::create))
        .route("/account/sign-out", post(sign_in::destroy))
        .route("/account/reset", get(reset::new).post(reset::create))
        .route("/account/reset/{token}", get(reset::edit).post(reset::update))
        .route("/account/verify/{token}", get(verify::show).post(verify::update))
        .merge(members())
}

/// What only somebody signed in may see.
fn members() -> Router<App> {
    Router::new()
        .route("/account", get(overview::show))
        .route("/account/verification", post(verify::create))
        .route("/account/orders", get(orders::index))
        .route("/account/addresses", get(addresses::index).post(addresses::create))
        .route("/account/addresses/{id}/edit", get(addresses::edit).post(addresses::update))
        .route("/account/addresses/{id}/delete", post(addresses::destroy))
        .route("/account/details", get(details::edit).post(details::update))
        .route("/account/sessions", get(sessions::index))
        .route("/account/sessions/delete-others", post(sessions::destroy_others))
        .route("/account/sessions/{id}/delete", post(sessions::destroy))
        .route_layer(middleware::from_fn(members_only))
}

/// Sends strangers to the sign-in page of their pair, and back to the page they wanted.
async fn members_only(frame: Frame, visitor: Visitor, request: Request, next: Next) -> Response {
    if visitor.customer.is_some() {
        return next.run(request).await;
    }
    let wanted = request.uri().path_and_query().map_or("/account", |path| path.as_str());
    if request.method().is_safe() && wanted != "/account" {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
        return frame.see_other(&format!("/account/sign-in?{query}")).into_response();
    }
    frame.see_other("/account/sign-in").into_response()
}

impl From<Account> for SignedIn {
    fn from(account: Account) -> Self {
        Self { id: account.id, is_verified: account.is_verified(), name: account.name, email: account.email }
    }
}

/// The head of an account page.
fn private(frame: &Frame, title: &str) -> Meta {
    Meta { title: frame.text(title), is_private: true, ..Meta::default() }
}

/// The same where the address holds a token.
fn secret(frame: &Frame, title: &str) -> Meta {
    Meta { policy: Policy { hides_address: true, ..Policy::default() }, ..private(frame, title) }
}
