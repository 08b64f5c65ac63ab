//! An issue on its way out: looked at, tried on oneself, sent.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;

use super::issues::{drawn, stale};
use crate::app::App;
use crate::base::IssueId;
use crate::newsletter::issue::Issue;
use crate::newsletter::mails::{self, Copy};
use crate::newsletter::sending;
use crate::newsletter::store::issues::find;
use crate::newsletter::store::subscribers::numbers;
use crate::newsletter::store::suppressions;
use crate::platform::mail::Letter;
use crate::platform::{jobs, mail};
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::letter::{Imprint, SANDBOX};
use crate::web::{AppError, Fields, PageResult, Problems};

/// Where the way out of a letter to staff leads: they are on no list.
const NOWHERE: &str = "/newsletter/unsubscribe/preview";

/// The letter as staff would get it.
fn sample(app: &App, staff: &Staff<Catalog>, issue: &Issue) -> Result<Letter, AppError> {
    let snapshot = app.snapshot();
    let copy = Copy {
        kind: "newsletter-test",
        key: format!("{}.{}", issue.id, app.now().micros()),
        to: staff.email.clone(),
        owner: issue.id.uuid(),
        leave_path: NOWHERE,
    };
    Ok(mails::copy(&snapshot.default_site(), &Imprint::from(&snapshot.rules.shop), issue, copy)?)
}

pub async fn preview(State(app): State<App>, staff: Staff<Catalog>, Path(id): Path<IssueId>) -> PageResult {
    let issue = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, sample(&app, &staff, &issue)?.html).into_response())
}

pub async fn test(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<IssueId>) -> PageResult {
    let issue = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let back = format!("/admin/newsletter/issues/{id}");
    if suppressions::has(&app.db, &staff.email.key()).await? {
        return Ok(frame.see_other_saying(&back, "newsletter-desk-test-suppressed"));
    }
    let mut tx = app.db.begin().await?;
    if let Some(mail) = mail::insert(&mut *tx, &sample(&app, &staff, &issue)?, &app.mail_domain(), app.now()).await? {
        jobs::enqueue(&mut *tx, "mail.send", &json!({ "mail": mail }), app.now()).await?;
    }
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying(&back, "newsletter-desk-tested"))
}

pub async fn send(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<IssueId>, fields: Fields) -> PageResult {
    let at = app.now();
    let issue = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let form = Fields::default().with("version", issue.version.to_string()).with("subject", &issue.subject).with("body", &issue.body);
    if issue.is_draft() && !fields.has("sure") {
        let mut problems = Problems::default();
        problems.add("sure", "Tick the box to send: e-mails cannot be called back.");
        return drawn(&app, &frame, &staff, &issue, &form, &problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = app.db.begin().await?;
    if let Err(error) = sending::start(&mut tx, id, fields.get("version").parse().unwrap_or_default(), at).await {
        drop(tx);
        return stale(&app, &frame, &staff, id, form, error).await;
    }
    let readers = numbers(&mut *tx).await?.readers;
    let noted = json!({ "subject": issue.subject, "readers": readers });
    staff::audit(&mut *tx, staff.actor(), "send", "newsletter_issue", &id.to_string(), None, Some(noted), at).await?;
    tx.commit().await?;
    app.enqueued();
    Ok(frame.see_other_saying(&format!("/admin/newsletter/issues/{id}"), "newsletter-desk-sending"))
}
