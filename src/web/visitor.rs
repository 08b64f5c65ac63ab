//! Who is looking: resolved once per request by the roof, read by handlers.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::error::AppError;
use crate::base::{Actor, CartId, CustomerId, Email};

/// A signed-in customer.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub id: CustomerId,
    pub name: String,
    pub email: Email,
    pub is_verified: bool,
}

/// Anybody: with or without a cart, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub address: IpAddr,
    /// The live cart of the visitor's cookie.
    pub cart: Option<CartId>,
    pub customer: Option<SignedIn>,
    /// The token of the cart cookie, also of a cart that has been ordered.
    pub cart_token: Option<String>,
    /// The token of the session cookie, to end or rotate it.
    pub session_token: Option<String>,
}

impl Visitor {
    pub fn actor(&self) -> Actor {
        self.customer.as_ref().map_or(Actor::Guest, |customer| Actor::Customer(customer.id))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Somebody who is signed in; everybody else is sent to the sign-in page.
#[derive(Debug, Clone)]
pub struct Customer(pub SignedIn);

impl<S: Send + Sync> FromRequestParts<S> for Customer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Visitor>().and_then(|visitor| visitor.customer.clone()).map(Self).ok_or(AppError::SignIn("/account/sign-in"))
    }
}
