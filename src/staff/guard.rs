//! Who is asking, whether they may, and how long ago they proved who they are. The admin is closed by default; who somebody is comes from the session in
//! Postgres alone, never from a header, and the permission is a type (T22).

pub mod proof;

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::places::places;
use super::role::{Permitted, Role};
use super::store;
use crate::app::App;
use crate::base::{Actor, Email, Instant, SessionId, StaffId};
use crate::web::AppError;
use crate::web::cookies::Cookie;
use crate::web::frame::{AdminFrame, MenuEntry, MenuGroup, Undo};

/// Where everybody without a session is sent.
pub const SIGN_IN: &str = "/admin/sign-in";

/// Where the second factor is asked for.
pub const CODE: &str = "/admin/sign-in/code";
/// Where it is set up.
pub const SECOND_FACTOR: &str = "/admin/me/second-factor";

/// Who a live session belongs to; put into the request by [`admit`].
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignedInStaff {
    pub id: StaffId,
    pub name: String,
    pub email: Email,
    pub role: Role,
    pub session: SessionId,
    /// Whether sign-in asks for a code as well.
    pub has_factor: bool,
    /// When they last signed in, or proved who they are again.
    pub proved_at: Instant,
}

impl SignedInStaff {
    pub const fn actor(&self) -> Actor {
        Actor::Staff(self.id)
    }

    /// Whether the last proof still holds, so that sensitive things need no other.
    pub fn has_proved(&self, now: Instant) -> bool {
        now.seconds_since(self.proved_at) < proof::PROOF_SECONDS
    }
}

/// A member of staff with the permission `P`.
#[derive(Debug, Clone)]
pub struct Staff<P> {
    who: SignedInStaff,
    permission: PhantomData<P>,
}

impl<P> Deref for Staff<P> {
    type Target = SignedInStaff;

    fn deref(&self) -> &SignedInStaff {
        &self.who
    }
}

impl<P: Permitted> FromRequestParts<App> for Staff<P> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        let who: SignedInStaff = parts.extensions.get().cloned().ok_or(AppError::SignIn(SIGN_IN))?;
        if who.role.may(P::NEEDS) { Ok(Self { who, permission: PhantomData }) } else { Err(AppError::Forbidden) }
    }
}

/// The menu of a role, under its headings: no link of it leads to a refusal.
fn menu(role: Role) -> Vec<MenuGroup> {
    let mut groups: Vec<MenuGroup> = Vec::new();
    for place in places(role).filter(|place| !place.group.is_empty()) {
        let entry = MenuEntry { path: place.path, title: place.title, key: place.key };
        match groups.iter_mut().find(|group| group.title == place.group) {
            Some(group) => group.entries.push(entry),
            None => groups.push(MenuGroup { title: place.group, entries: vec![entry] }),
        }
    }
    groups
}

/// The pages that are open to people who are not signed in.
fn is_open(path: &str) -> bool {
    path == SIGN_IN || path == CODE || path.starts_with("/admin/open/") || path.starts_with("/admin/invitation/")
}

/// The pages that somebody may reach whose role works only with a second factor and who has none yet.
fn leads_to_factor(path: &str) -> bool {
    matches!(path, "/admin/sign-out" | proof::PROOF) || path.strip_prefix(SECOND_FACTOR).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// In front of every admin page: nobody gets in without a live session, but to the pages that make one; and nobody whose role
/// needs a second factor gets further than to where it is set up.
pub async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (now, is_https, path) = (app.now(), app.config.is_https(), request.uri().path().to_owned());
    let signed_in = match Cookie::Staff.read(request.headers(), is_https) {
        Some(token) => match store::session(&app.db, &token, now).await {
            Ok(found) => found,
            Err(error) => return AppError::from(error).into_response(),
        },
        None => None,
    };
    if signed_in.is_none() && !is_open(&path) {
        return Redirect::to(SIGN_IN).into_response();
    }
    let must_set_up = signed_in.as_ref().is_some_and(|staff| staff.role.needs_second_factor() && !staff.has_factor && !app.config.is_test());
    if must_set_up && !leads_to_factor(&path) {
        return Redirect::to(SECOND_FACTOR).into_response();
    }
    let flash = Cookie::Flash.read(request.headers(), is_https);
    let had_flash = flash.is_some();
    let undo = flash.as_ref().and_then(|_| Undo::read(&Cookie::Undo.read(request.headers(), is_https)?));
    // The frame of who may go nowhere has no menu and no search.
    let shown = signed_in.as_ref().filter(|_| !must_set_up);
    let (name, role) = shown.map(|staff| (staff.name.clone(), staff.role.to_string())).unwrap_or_default();
    let menu = shown.map(|staff| menu(staff.role)).unwrap_or_default();
    request.extensions_mut().insert(AdminFrame { site: app.snapshot().default_site(), as_of: now, name, role, menu, path, flash, undo });
    if let Some(staff) = signed_in {
        request.extensions_mut().insert(staff);
    }
    let mut response = next.run(request).await;
    // A redirect does not show the sentence, so it stays for the page after it.
    if had_flash && !response.status().is_redirection() {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Flash.clear(is_https));
        response.headers_mut().append(header::SET_COOKIE, Cookie::Undo.clear(is_https));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{is_open, leads_to_factor};

    #[test]
    fn only_the_pages_that_make_a_session_are_open() {
        assert!(is_open("/admin/sign-in") && is_open("/admin/sign-in/code") && is_open("/admin/open/abc") && is_open("/admin/invitation/abc"));
        for path in ["/admin", "/admin/", "/admin/sign-in/x", "/admin/sign-in/code/x", "/admin/orders", "/admin/open", "/admin/staff"] {
            assert!(!is_open(path), "{path}");
        }
    }

    #[test]
    fn who_lacks_a_factor_gets_only_where_it_is_set_up() {
        assert!(
            leads_to_factor("/admin/me/second-factor")
                && leads_to_factor("/admin/me/second-factor/new")
                && leads_to_factor("/admin/sign-out")
                && leads_to_factor("/admin/proof")
        );
        for path in ["/admin", "/admin/me", "/admin/me/second-factors", "/admin/me/password", "/admin/orders"] {
            assert!(!leads_to_factor(path), "{path}");
        }
    }
}
