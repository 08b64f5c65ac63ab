//! Who calls, and with what browser: all that beginning a session needs.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use sqlx::PgConnection;

use crate::base::{CustomerId, Instant};
use crate::cart;
use crate::customers::session;
use crate::web::cookies::Cookie;
use crate::web::{Fields, Frame, Visitor};

/// One request to the account pages.
pub struct Caller {
    pub frame: Frame,
    pub visitor: Visitor,
    pub user_agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Self { frame: Frame::from_request_parts(parts, state).await?, visitor: Visitor::from_request_parts(parts, state).await?, user_agent })
    }
}

impl Caller {
    /// Prefix of the pair: the language of letters.
    pub fn prefix(&self) -> &str {
        &self.frame.site.prefix
    }

    /// Token of the session cookie, `""` where there is none.
    pub fn token(&self) -> &str {
        self.visitor.session_token.as_deref().unwrap_or_default()
    }
}

/// Everything that follows from having proved who one is; every way of signing in comes through here. A new session
/// takes the place of the browser's old one, and the browser's cart becomes the customer's; the returned `Set-Cookie`s
/// carry both.
pub async fn after_sign_in(db: &mut PgConnection, caller: &Caller, customer: CustomerId, at: Instant) -> sqlx::Result<Vec<HeaderValue>> {
    let is_https = caller.frame.site.is_https;
    let token = session::start(&mut *db, customer, caller.visitor.session_token.as_deref(), &caller.user_agent, at).await?;
    let mut cookies = vec![Cookie::Customer.set(&token, session::COOKIE_SECONDS, is_https)];
    if let Some(token) = cart::adopt(db, caller.visitor.cart, customer, at).await? {
        cookies.push(Cookie::Cart.set(&token, cart::COOKIE_SECONDS, is_https));
    }
    Ok(cookies)
}

/// A password as it was typed: spaces at its ends belong to it.
pub fn password(fields: &Fields, name: &str) -> String {
    fields.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}
