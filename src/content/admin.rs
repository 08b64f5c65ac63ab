//! Staff's desk for pages, articles and the home page: written, changed, taken away.

mod home;
mod upload;

use askama::Template;
use axum::Router;
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;

use super::edit::{PageEdit, PageRefused, create, delete, set_picture, update};
use super::store;
use super::store::Written;
use crate::app::App;
use crate::base::{Handle, Instant, PageId};
use crate::catalog::picture::MOST_BYTES;
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, Problems, filters, markdown, typed};

pub fn admin_routes() -> Router<App> {
    Router::new()
        .route("/admin/pages", get(index))
        .route("/admin/pages/new", get(new).post(save_new))
        .route("/admin/pages/{id}", get(show).post(save))
        .route("/admin/pages/{id}/delete", post(remove))
        .route("/admin/pages/{id}/picture", post(picture).layer(DefaultBodyLimit::max(UPLOAD_BYTES)))
        .merge(home::routes())
}

/// Largest upload: a picture and what is on it.
pub(super) const UPLOAD_BYTES: usize = MOST_BYTES + 64 * 1024;

#[derive(Template)]
#[template(path = "content/admin/index.html")]
struct Index {
    pages: Vec<Written>,
}

#[derive(Template)]
#[template(path = "content/admin/edit.html")]
struct Edit<'a> {
    /// `None` for a new one.
    page: Option<&'a Written>,
    form: &'a Fields,
    problems: &'a Problems,
    /// Blogs that there are, to choose from.
    blogs: Vec<String>,
}

impl Edit<'_> {
    fn action(&self) -> String {
        self.page.map_or_else(|| "/admin/pages/new".to_owned(), |page| format!("/admin/pages/{}", page.id))
    }

    fn title(&self) -> &str {
        self.page.map_or(if self.is_article() { "New article" } else { "New page" }, |page| &page.title)
    }

    fn is_article(&self) -> bool {
        !self.form.get("blog").is_empty()
    }

    const fn delivery_prices(&self) -> &'static str {
        super::page::DELIVERY_PRICES
    }
}

async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>) -> PageResult {
    frame.page("Pages", Index { pages: store::all(&app.db).await? })
}

/// The time from which an article is shown is typed in the shop's zone.
fn written(page: &Written, zone: &str) -> Fields {
    let fields = Fields::default()
        .with("version", page.version.to_string())
        .with("title", &page.title)
        .with("handle", page.handle.to_string())
        .with("body", &page.body)
        .with("position", page.position.to_string())
        .with("blog", &page.blog)
        .with("summary", &page.summary)
        .with("shown_from", page.shown_from.map(|at| typed::local(at, zone)).unwrap_or_default());
    let fields = if page.is_draft { fields.with("is_draft", "1") } else { fields };
    if page.in_footer { fields.with("in_footer", "1") } else { fields }
}

fn read(fields: &Fields, zone: &str, at: Instant, problems: &mut Problems) -> PageEdit {
    let title = typed::required(fields, "title", "a title", problems);
    let body = typed::text(fields, "body", problems);
    let handle = typed::handle(fields, "handle", problems).unwrap_or_else(|| Handle::of_title(&title, "page"));
    let position = typed::count(fields, "position", problems);
    // Its address is made of the name: Journal becomes journal.
    let blog = match fields.get("blog") {
        "" => String::new(),
        name => Handle::of_title(name, "").to_string(),
    };
    if !fields.get("blog").is_empty() && (blog.is_empty() || !blog.is_ascii()) {
        problems.add("blog", "Please use letters of the English alphabet and digits, such as Journal.");
    }
    let summary = fields.get("summary").to_owned();
    if summary.chars().count() > 300 {
        problems.add("summary", "At most 300 characters.");
    }
    let is_draft = fields.has("is_draft");
    // "At once" is when it stops being a draft.
    let at_once = (!is_draft).then_some(at);
    let shown_from = if blog.is_empty() { None } else { typed::moment(fields, "shown_from", zone, problems).or(at_once) };
    let is_in_footer = fields.has("in_footer") && blog.is_empty();
    PageEdit { handle, title, body_html: markdown::render(&body), body, is_in_footer, position, blog, summary, shown_from, is_draft }
}

fn refused(error: PageRefused, problems: &mut Problems) -> Result<(), AppError> {
    let field = match &error {
        PageRefused::Stale => "version",
        PageRefused::HandleTaken => "handle",
        PageRefused::Db(_) => "",
    };
    match error {
        PageRefused::Db(error) => Err(error.into()),
        other => {
            problems.add(field, other.to_string());
            Ok(())
        }
    }
}

async fn new(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>, Query(wanted): Query<Begun>) -> PageResult {
    let form = match wanted.blog {
        Some(blog) => Fields::default().with("blog", blog).with("is_draft", "1"),
        None => Fields::default().with("in_footer", "1"),
    };
    let edit = Edit { page: None, form: &form, problems: &Problems::default(), blogs: store::blogs(&app.db).await? };
    let title = edit.title().to_owned();
    frame.page(&title, edit)
}

#[derive(serde::Deserialize)]
struct Begun {
    /// The blog that an article is begun for.
    blog: Option<String>,
}

async fn save_new(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, LongFields(fields): LongFields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let edit = read(&fields, &app.rules().shop.zone, at, &mut problems);
    if problems.is_empty() {
        let mut tx = app.db.begin().await?;
        match create(&mut tx, frame.site.language, &edit, at).await {
            Ok(id) => {
                staff::audit(&mut *tx, staff.actor(), "create", "page", &id.to_string(), None, Some(json!(edit)), at).await?;
                tx.commit().await?;
                app.changed().await;
                return Ok(frame.see_other_saying(&format!("/admin/pages/{id}"), "content-desk-saved"));
            }
            Err(error) => refused(error.into(), &mut problems)?,
        }
    }
    frame.page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        "New page",
        Edit { page: None, form: &fields, problems: &problems, blogs: store::blogs(&app.db).await? },
    )
}

async fn show(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>, Path(id): Path<PageId>) -> PageResult {
    let page = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    frame.page(
        &page.title,
        Edit {
            page: Some(&page),
            form: &written(&page, &app.rules().shop.zone),
            problems: &Problems::default(),
            blogs: store::blogs(&app.db).await?,
        },
    )
}

async fn save(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<PageId>,
    LongFields(mut fields): LongFields,
) -> PageResult {
    let at = app.now();
    let before = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let edit = read(&fields, &app.rules().shop.zone, at, &mut problems);
    if problems.is_empty() {
        let mut tx = app.db.begin().await?;
        match update(&mut tx, id, fields.get("version").parse().unwrap_or_default(), &edit, at).await {
            Ok(()) => {
                staff::audit(&mut *tx, staff.actor(), "update", "page", &id.to_string(), Some(noted(&before)), Some(json!(edit)), at).await?;
                tx.commit().await?;
                app.changed().await;
                return Ok(frame.see_other_saying(&format!("/admin/pages/{id}"), "content-desk-saved"));
            }
            Err(error) => refused(error, &mut problems)?,
        }
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if problems.has("version") {
        status = StatusCode::CONFLICT;
        let now = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
        fields = fields.with("version", now.version.to_string());
    }
    frame.page_with(status, &before.title, Edit { page: Some(&before), form: &fields, problems: &problems, blogs: store::blogs(&app.db).await? })
}

async fn remove(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<PageId>) -> PageResult {
    let before = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    if let Err(error) = delete(&mut tx, id).await {
        refused(error, &mut Problems::default())?;
    }
    staff::audit(&mut *tx, staff.actor(), "delete", "page", &id.to_string(), Some(noted(&before)), None, app.now()).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/pages", "content-desk-deleted"))
}

/// The picture of an article.
async fn picture(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<PageId>, multipart: Multipart) -> PageResult {
    let (at, zone) = (app.now(), app.rules().shop.zone.clone());
    let page = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    let media = match upload::one(&app, &mut tx, multipart, at).await? {
        Ok(media) => media,
        Err(sentence) => {
            tx.rollback().await?;
            let mut problems = Problems::default();
            problems.add("file", sentence);
            let form = written(&page, &zone);
            return frame.page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &page.title,
                Edit { page: Some(&page), form: &form, problems: &problems, blogs: store::blogs(&app.db).await? },
            );
        }
    };
    if let Err(error) = set_picture(&mut tx, id, media).await {
        refused(error, &mut Problems::default())?;
    }
    staff::audit(&mut *tx, staff.actor(), "set the picture", "page", &id.to_string(), None, Some(json!({ "media": media })), at).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&format!("/admin/pages/{id}"), "content-desk-saved"))
}

/// A page as it was, in the fields of a [`PageEdit`].
fn noted(page: &Written) -> serde_json::Value {
    json!({
        "handle": page.handle.as_str(), "title": page.title, "body": page.body, "is_in_footer": page.in_footer, "position": page.position,
        "blog": page.blog, "summary": page.summary, "shown_from": page.shown_from, "is_draft": page.is_draft,
    })
}
