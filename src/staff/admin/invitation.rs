//! Accepting an invitation: choosing a password.

use std::net::IpAddr;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;

use super::{entered, hiding_address, new_password, user_agent};
use crate::app::App;
use crate::base::StaffId;
use crate::platform::tokens::Purpose;
use crate::platform::{secrets, tokens};
use crate::staff::entering::{accept, enter};
use crate::staff::member::Member;
use crate::staff::store;
use crate::web::cookies::Cookie;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::limits::Rate;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new().route("/admin/invitation/{token}", get(show).post(create))
}

#[derive(Template)]
#[template(path = "staff/admin/invitation.html")]
struct Page<'a> {
    token: &'a str,
    member: Option<&'a Member>,
    shop: &'a str,
    problems: &'a Problems,
}

async fn invited(app: &App, token: &str) -> Result<Option<Member>, AppError> {
    let Some((owner, bound_to)) = tokens::find(&app.db, Purpose::StaffInvitation, token, app.now()).await? else { return Ok(None) };
    Ok(store::find(&app.db, StaffId::from_uuid(owner)).await?.filter(|member| member.is_active && member.email.key() == bound_to))
}

fn page(frame: &AdminFrame, token: &str, member: Option<&Member>, problems: &Problems) -> PageResult {
    let status = match (member, problems.is_empty()) {
        (None, _) => StatusCode::GONE,
        (_, false) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    Ok(hiding_address(frame.page_with(status, "Invitation", Page { token, member, shop: &frame.site.shop_name, problems })?))
}

async fn show(State(app): State<App>, frame: AdminFrame, Path(token): Path<String>) -> PageResult {
    page(&frame, &token, invited(&app, &token).await?.as_ref(), &Problems::default())
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
    let mut problems = Problems::default();
    let Some(member) = invited(&app, &token).await? else { return page(&frame, &token, None, &problems) };
    let password = new_password(&fields, member.email.as_str(), &mut problems);
    if !problems.is_empty() {
        return page(&frame, &token, Some(&member), &problems);
    }
    let hash = secrets::hash_password(password).await?;
    let mut tx = app.db.begin().await?;
    let Some(id) = accept(&mut tx, &token, &hash, app.now()).await? else { return page(&frame, &token, None, &problems) };
    let old = Cookie::Staff.read(&headers, app.config.is_https());
    let step = enter(&mut tx, id, &user_agent(&headers), old.as_deref(), app.now()).await?;
    tx.commit().await?;
    Ok(entered(&app, &step))
}
