//! Addresses that are never written to.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;

use super::{asked, limit, page};
use crate::app::App;
use crate::base::Email;
use crate::newsletter::leaving;
use crate::newsletter::store::suppressions::{Suppression, list};
use crate::staff;
use crate::staff::{Books, Staff};
use crate::web::frame::{AdminFrame, Undo};
use crate::web::{Fields, PageResult, Problems, filters, limits};

#[derive(Template)]
#[template(path = "newsletter/admin/suppressions.html")]
struct List<'a> {
    rows: &'a [Suppression],
    form: &'a Fields,
    problems: &'a Problems,
    older: Option<String>,
}

async fn drawn(app: &App, frame: &AdminFrame, before: &str, form: &Fields, problems: &Problems, status: StatusCode) -> PageResult {
    let before = Some(before).filter(|text| !text.is_empty());
    let (rows, has_more) = page(list(&app.db, before, limit()).await?);
    let older = rows.last().filter(|_| has_more).map(|last| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("before", &last.email_key).finish();
        format!("/admin/newsletter/suppressions?{query}")
    });
    frame.page_with(status, "Suppressed addresses", List { rows: &rows, form, problems, older })
}

/// The page of this room that every form leads back to.
const LIST: &str = "/admin/newsletter/suppressions";

pub async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Books>, RawQuery(query): RawQuery) -> PageResult {
    let fields = asked(query);
    let form = Fields::default().with("email", fields.get("email"));
    drawn(&app, &frame, fields.get("before"), &form, &Problems::default(), StatusCode::OK).await
}

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let why = fields.get("why");
    if why.is_empty() || why.chars().count() > limits::LINE {
        problems.add("why", format!("Say why, in at most {} characters.", limits::LINE));
    }
    let email = Some(fields.get("email")).filter(|text| text.len() <= limits::LINE).and_then(Email::parse);
    if email.is_none() {
        problems.add("email", "Enter an e-mail address such as name@example.com.");
    }
    let Some(email) = email.filter(|_| problems.is_empty()) else {
        return drawn(&app, &frame, "", &fields, &problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = app.db.begin().await?;
    let is_new = leaving::suppress(&mut tx, &email, why, at).await?;
    if is_new {
        staff::audit(&mut *tx, staff.actor(), "create", "suppression", &email.key(), None, Some(json!({ "reason": why })), at).await?;
    }
    tx.commit().await?;
    if !is_new {
        return Ok(frame.see_other_saying(LIST, "newsletter-desk-suppressed"));
    }
    let undo = Undo::new("/admin/newsletter/suppressions/lift").with("email", email.key());
    Ok(frame.see_other_undoable(LIST, "newsletter-desk-suppressed", &undo))
}

pub async fn lift(State(app): State<App>, frame: AdminFrame, staff: Staff<Books>, fields: Fields) -> PageResult {
    let key = fields.get("email");
    let mut tx = app.db.begin().await?;
    let Some(reason) = leaving::lift(&mut tx, key).await? else { return Ok(frame.see_other_saying(LIST, "newsletter-desk-lifted")) };
    staff::audit(&mut *tx, staff.actor(), "delete", "suppression", key, Some(json!({ "reason": reason })), None, app.now()).await?;
    tx.commit().await?;
    Ok(frame.see_other_undoable(LIST, "newsletter-desk-lifted", &Undo::new(LIST).with("email", key).with("why", reason)))
}
