//! Who is asking, and whether they may: the permission is a type, so a handler without one cannot be mounted.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::base::{Actor, StaffId};
use crate::web::AppError;

/// May change what is for sale.
#[derive(Debug, Clone, Copy)]
pub struct Catalog;

/// May change how many are there.
#[derive(Debug, Clone, Copy)]
pub struct Stock;

/// May look after orders.
#[derive(Debug, Clone, Copy)]
pub struct Orders;

/// May give money back.
#[derive(Debug, Clone, Copy)]
pub struct Refunds;

/// A member of staff with the permission `P`.
#[derive(Debug, Clone)]
pub struct Staff<P> {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub role: String,
    permission: PhantomData<P>,
}

impl<P> Staff<P> {
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.id)
    }
}

impl<S: Send + Sync, P> FromRequestParts<S> for Staff<P> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let (id, name, email, role) =
            parts.extensions.get::<(StaffId, String, String, String)>().cloned().ok_or(AppError::SignIn("/admin/sign-in"))?;
        Ok(Self { id, name, email, role, permission: PhantomData })
    }
}
