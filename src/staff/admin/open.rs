//! The terminal's link: makes the owner of a new shop, or signs the owner in. The link is used up by the button, not by
//! being looked at, so that a preview of it opens nothing.

use std::net::IpAddr;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;

use super::{checked_name, entered, hiding_address, new_password, user_agent};
use crate::app::App;
use crate::base::{Email, StaffId};
use crate::platform::tokens::Purpose;
use crate::platform::{secrets, tokens};
use crate::staff::entering::{OpenRefused, enter, open};
use crate::staff::member::Member;
use crate::staff::role::Role;
use crate::staff::store;
use crate::web::cookies::Cookie;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::limits::Rate;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route("/admin/open/{token}", get(show).post(create))
}

#[derive(Template)]
#[template(path = "staff/admin/open.html")]
struct Page<'a> {
    token: &'a str,
    is_live: bool,
    owner: Option<&'a str>,
    fields: &'a Fields,
    problems: &'a Problems,
}

async fn page(app: &App, frame: &AdminFrame, token: &str, fields: &Fields, problems: &Problems) -> PageResult {
    let is_live = tokens::find(&app.db, Purpose::OwnerLink, token, app.now()).await?.is_some();
    let owner = if is_live { store::first_owner(&app.db).await? } else { None };
    let owner = owner.as_ref().map(|owner| owner.name.as_str());
    let status = match (is_live, problems.is_empty()) {
        (false, _) => StatusCode::GONE,
        (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::OK,
    };
    Ok(hiding_address(frame.page_with(status, "Open the shop", Page { token, is_live, owner, fields, problems })?))
}

async fn show(State(app): State<App>, frame: AdminFrame, Path(token): Path<String>) -> PageResult {
    page(&app, &frame, &token, &Fields::default(), &Problems::default()).await
}

async fn create(
    State(app): State<App>,
    frame: AdminFrame,
    Extension(from): Extension<IpAddr>,
    Path(token): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> PageResult {
    app.rates.check(Rate::Credentials, from).map_err(AppError::TooMany)?;
    let at = app.now();
    // Hashing is dear: only for somebody who holds a live link, and only where it makes an owner.
    let is_live = tokens::find(&app.db, Purpose::OwnerLink, &token, at).await?.is_some();
    let mut new = None;
    if is_live && store::first_owner(&app.db).await?.is_none() {
        let mut problems = Problems::default();
        let name = checked_name(&fields, &mut problems);
        let email = Email::parse(fields.get("email"));
        if email.is_none() {
            problems.add("email", "Enter an e-mail address such as name@example.com.");
        }
        let password = new_password(&fields, fields.get("email"), &mut problems);
        let Some(email) = email.filter(|_| problems.is_empty()) else { return page(&app, &frame, &token, &fields, &problems).await };
        let member = Member {
            id: StaffId::fresh(at),
            name,
            email,
            role: Role::Owner,
            is_active: true,
            has_password: true,
            has_factor: false,
            version: 1,
            created_at: at,
        };
        new = Some((member, secrets::hash_password(password).await?));
    }
    let mut tx = app.db.begin().await?;
    let owner = match open(&mut tx, &token, new.as_ref().map(|(member, hash)| (member, hash.as_str())), at).await? {
        Ok(owner) => owner,
        Err(OpenRefused::Over | OpenRefused::NeedsOwner) => {
            tx.rollback().await?;
            return page(&app, &frame, &token, &fields, &Problems::default()).await;
        }
    };
    let old = Cookie::Staff.read(&headers, app.config.is_https());
    let step = enter(&mut tx, owner, &user_agent(&headers), old.as_deref(), at).await?;
    tx.commit().await?;
    Ok(entered(&app, &step))
}
