//! The people: list, invite, change, let go.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use super::checked_name;
use crate::app::App;
use crate::base::{Email, StaffId};
use crate::staff::guard::proof::Proven;
use crate::staff::member::Member;
use crate::staff::role::{Factors, People, Permission, Role};
use crate::staff::second_factor::remove;
use crate::staff::team::{Change, TeamRefused, change, invite, invite_again};
use crate::staff::{Staff, store};
use crate::web::filters;
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin/staff", get(index).post(create))
        .route("/admin/staff/{id}", get(edit).post(update))
        .route("/admin/staff/{id}/invitation", post(invite_once_more))
        .route("/admin/staff/{id}/second-factor/reset", post(reset))
}

#[derive(Template)]
#[template(path = "staff/admin/index.html")]
struct Index<'a> {
    members: &'a [Member],
    roles: Vec<Role>,
    fields: &'a Fields,
    problems: &'a Problems,
}

fn roles(staff: &Staff<People>) -> Vec<Role> {
    Role::ALL.into_iter().rev().filter(|role| staff.role.may_manage(*role)).collect()
}

/// Owners take away the second factor of others, who lost it; their own they replace on its page.
fn is_resettable(staff: &Staff<People>, member: &Member) -> bool {
    member.has_factor && member.id != staff.id && staff.role.may(Permission::Factors)
}

async fn list(app: &App, frame: &AdminFrame, staff: &Staff<People>, fields: &Fields, problems: &Problems) -> PageResult {
    let members = store::list(&app.db).await?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    frame.page_with(status, "Staff", Index { members: &members, roles: roles(staff), fields, problems })
}

async fn index(State(app): State<App>, frame: AdminFrame, staff: Staff<People>) -> PageResult {
    list(&app, &frame, &staff, &Fields::default(), &Problems::default()).await
}

async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<People>, Proven(fields): Proven) -> PageResult {
    let mut problems = Problems::default();
    let name = checked_name(&fields, &mut problems);
    let email = Email::parse(fields.get("email"));
    if email.is_none() {
        problems.add("email", "Enter an e-mail address such as name@example.com.");
    }
    let role = Role::parse(fields.get("role")).filter(|role| staff.role.may_manage(*role));
    if role.is_none() {
        problems.add("role", "Choose a role.");
    }
    let (Some(email), Some(role), true) = (email, role, problems.is_empty()) else { return list(&app, &frame, &staff, &fields, &problems).await };
    let mut tx = app.db.begin().await?;
    match invite(&mut tx, (staff.id, staff.role), &name, email, role, app.now()).await? {
        Ok(_) => {
            tx.commit().await?;
            app.enqueued();
            Ok(frame.see_other_saying("/admin/staff", "staff-flash-invited"))
        }
        Err(TeamRefused::EmailTaken) => {
            problems.add("email", "Somebody here has this address already.");
            list(&app, &frame, &staff, &fields, &problems).await
        }
        Err(_) => Err(AppError::Forbidden),
    }
}

#[derive(Template)]
#[template(path = "staff/admin/edit.html")]
struct Edit<'a> {
    member: &'a Member,
    roles: Vec<Role>,
    name: &'a str,
    role: &'a str,
    is_active: bool,
    version: i32,
    is_allowed: bool,
    /// Whether the second factor of this member can be taken away here.
    is_resettable: bool,
    problems: &'a Problems,
}

async fn edit(State(app): State<App>, frame: AdminFrame, staff: Staff<People>, Path(id): Path<StaffId>) -> PageResult {
    let member = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    frame.page(
        &member.name,
        Edit {
            member: &member,
            roles: roles(&staff),
            name: &member.name,
            role: member.role.name(),
            is_active: member.is_active,
            version: member.version,
            is_allowed: staff.role.may_manage(member.role),
            is_resettable: is_resettable(&staff, &member),
            problems: &Problems::default(),
        },
    )
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<People>, Path(id): Path<StaffId>, Proven(fields): Proven) -> PageResult {
    let mut problems = Problems::default();
    let name = checked_name(&fields, &mut problems);
    let is_active = fields.has("is_active");
    let role = Role::parse(fields.get("role"));
    if role.is_none() {
        problems.add("role", "Choose a role.");
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let (Some(role), true) = (role, problems.is_empty()) {
        let mut tx = app.db.begin().await?;
        let to = Change { name: &name, role, is_active, version: fields.get("version").parse().unwrap_or_default() };
        match change(&mut tx, (staff.id, staff.role), id, to, app.now()).await? {
            Ok(()) => {
                tx.commit().await?;
                return Ok(frame.see_other_saying("/admin/staff", "staff-flash-saved"));
            }
            Err(TeamRefused::LastOwner) => problems.add("role", "This is the last owner. Make somebody else an owner first."),
            Err(TeamRefused::Yourself) => problems.add("is_active", "You cannot end your own account; another owner or manager can."),
            Err(TeamRefused::Stale) => {
                status = StatusCode::CONFLICT;
                problems.add("name", "Somebody changed this account since you opened it. What you typed is still here: look at it and save again.");
            }
            Err(_) => return Err(AppError::Forbidden),
        }
    }
    let member = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let page = Edit {
        member: &member,
        roles: roles(&staff),
        name: &name,
        role: fields.get("role"),
        is_active,
        version: member.version,
        is_allowed: staff.role.may_manage(member.role),
        is_resettable: is_resettable(&staff, &member),
        problems: &problems,
    };
    frame.page_with(status, &member.name, page)
}

async fn invite_once_more(State(app): State<App>, frame: AdminFrame, staff: Staff<People>, Path(id): Path<StaffId>, _: Proven) -> PageResult {
    let mut tx = app.db.begin().await?;
    let member = store::find(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    if invite_again(&mut tx, (staff.id, staff.role), &member, app.now()).await?.is_err() {
        return Err(AppError::Forbidden);
    }
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying("/admin/staff", "staff-flash-invited"))
}

async fn reset(State(app): State<App>, frame: AdminFrame, staff: Staff<Factors>, Path(id): Path<StaffId>, _: Proven) -> PageResult {
    if id == staff.id {
        return Err(AppError::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    store::find(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    remove(&mut tx, id, staff.actor(), app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying(&format!("/admin/staff/{id}"), "staff-flash-factor-reset"))
}
