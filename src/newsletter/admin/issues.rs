//! Writing an issue.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

use super::Stage;
use crate::app::App;
use crate::base::IssueId;
use crate::newsletter::issue::{Issue, IssueEdit, IssueRefused, create, delete, update};
use crate::newsletter::store::deliveries::{Count, counts};
use crate::newsletter::store::issues::find;
use crate::newsletter::store::subscribers::numbers;
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, Problems, filters, limits, markdown};

#[derive(Template)]
#[template(path = "newsletter/admin/edit.html")]
struct Edit<'a> {
    /// `None` for a new one.
    issue: Option<&'a Issue>,
    form: &'a Fields,
    problems: &'a Problems,
    readers: i64,
    to: &'a str,
}

impl Edit<'_> {
    fn action(&self) -> String {
        self.issue.map_or_else(|| "/admin/newsletter/issues/new".to_owned(), |issue| format!("/admin/newsletter/issues/{}", issue.id))
    }

    fn title(&self) -> &str {
        self.issue.map_or("New issue", |issue| &issue.subject)
    }
}

#[derive(Template)]
#[template(path = "newsletter/admin/show.html")]
struct Show<'a> {
    issue: &'a Issue,
    count: Option<Count>,
}

impl Show<'_> {
    fn stage(&self) -> &'static str {
        super::stage(self.issue, self.count.as_ref()).0
    }
}

fn read(fields: &Fields, problems: &mut Problems) -> IssueEdit {
    let (subject, body) = (fields.get("subject").to_owned(), fields.get("body").to_owned());
    if subject.is_empty() || subject.chars().count() > limits::LINE || subject.chars().any(char::is_control) {
        problems.add("subject", format!("Enter a subject of one line and at most {} characters.", limits::LINE));
    }
    if body.is_empty() || body.chars().count() > limits::TEXT {
        problems.add("body", format!("Write something, of at most {} characters.", limits::TEXT));
    }
    IssueEdit { subject, body_html: markdown::render(&body), body }
}

pub async fn new(frame: AdminFrame, staff: Staff<Catalog>) -> PageResult {
    let page = Edit { issue: None, form: &Fields::default(), problems: &Problems::default(), readers: 0, to: staff.email.as_str() };
    frame.page("New issue", page)
}

pub async fn save_new(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, LongFields(fields): LongFields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let edit = read(&fields, &mut problems);
    if !problems.is_empty() {
        let page = Edit { issue: None, form: &fields, problems: &problems, readers: 0, to: staff.email.as_str() };
        return frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, "New issue", page);
    }
    let mut tx = app.db.begin().await?;
    let id = create(&mut tx, &edit, staff.id, at).await?;
    staff::audit(&mut *tx, staff.actor(), "create", "newsletter_issue", &id.to_string(), None, Some(json!(edit)), at).await?;
    tx.commit().await?;
    Ok(frame.see_other_saying(&format!("/admin/newsletter/issues/{id}"), "newsletter-desk-saved"))
}

pub async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<IssueId>) -> PageResult {
    let issue = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    if !issue.is_draft() {
        let count = counts(&app.db, &[id]).await?.pop();
        return frame.page(&issue.subject, Show { issue: &issue, count });
    }
    let form = Fields::default().with("version", issue.version.to_string()).with("subject", &issue.subject).with("body", &issue.body);
    drawn(&app, &frame, &staff, &issue, &form, &Problems::default(), StatusCode::OK).await
}

/// The page of a draft; also after a refusal, with what was typed.
pub async fn drawn(
    app: &App,
    frame: &AdminFrame,
    staff: &Staff<Catalog>,
    issue: &Issue,
    form: &Fields,
    problems: &Problems,
    status: StatusCode,
) -> PageResult {
    let readers = numbers(&app.db).await?.readers;
    frame.page_with(status, &issue.subject, Edit { issue: Some(issue), form, problems, readers, to: staff.email.as_str() })
}

pub async fn save(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<IssueId>,
    LongFields(fields): LongFields,
) -> PageResult {
    let before = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let edit = read(&fields, &mut problems);
    if !problems.is_empty() {
        return drawn(&app, &frame, &staff, &before, &fields, &problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = app.db.begin().await?;
    match update(&mut tx, id, fields.get("version").parse().unwrap_or_default(), &edit).await {
        Ok(()) => {
            staff::audit(&mut *tx, staff.actor(), "update", "newsletter_issue", &id.to_string(), Some(noted(&before)), Some(json!(edit)), app.now())
                .await?;
            tx.commit().await?;
            Ok(frame.see_other_saying(&format!("/admin/newsletter/issues/{id}"), "newsletter-desk-saved"))
        }
        Err(error) => {
            drop(tx);
            stale(&app, &frame, &staff, id, fields, error).await
        }
    }
}

/// Somebody was faster: what was typed comes back beside the version that holds now.
pub async fn stale(app: &App, frame: &AdminFrame, staff: &Staff<Catalog>, id: IssueId, fields: Fields, error: IssueRefused) -> PageResult {
    let mut problems = Problems::default();
    match error {
        IssueRefused::Db(error) => return Err(error.into()),
        IssueRefused::Stale => problems.add("version", error.to_string()),
    }
    let now = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    if now.state != Stage::Draft {
        return Ok(frame.see_other_saying(&format!("/admin/newsletter/issues/{id}"), "newsletter-desk-gone-out"));
    }
    let fields = fields.with("version", now.version.to_string());
    drawn(app, frame, staff, &now, &fields, &problems, StatusCode::CONFLICT).await
}

pub async fn remove(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<IssueId>) -> PageResult {
    let before = find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    match delete(&mut tx, id).await {
        Ok(()) => {}
        Err(IssueRefused::Stale) => return Ok(frame.see_other_saying(&format!("/admin/newsletter/issues/{id}"), "newsletter-desk-gone-out")),
        Err(IssueRefused::Db(error)) => return Err(error.into()),
    }
    staff::audit(&mut *tx, staff.actor(), "delete", "newsletter_issue", &id.to_string(), Some(noted(&before)), None, app.now()).await?;
    tx.commit().await?;
    Ok(frame.see_other_saying("/admin/newsletter", "newsletter-desk-deleted"))
}

fn noted(issue: &Issue) -> serde_json::Value {
    json!({ "subject": issue.subject, "body": issue.body })
}
