//! The home page: its opening, its sections, its facts, which blog it shows, and its pictures.

use askama::Template;
use axum::Router;
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use super::{UPLOAD_BYTES, upload};
use crate::app::App;
use crate::catalog;
use crate::content::{Home, Section};
use crate::platform::{invalidation, settings};
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::form::LongFields;
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, Problems, typed};

const PATH: &str = "/admin/pages/home";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin/pages/home", get(edit).post(save))
        .route("/admin/pages/home/pictures/{place}", post(picture).layer(DefaultBodyLimit::max(UPLOAD_BYTES)))
}

#[derive(Template)]
#[template(path = "content/admin/home.html")]
struct Edit<'a> {
    form: &'a Fields,
    problems: &'a Problems,
    /// (place, what it is called, address of its picture): the opening, then the sections.
    places: Vec<(String, String, Option<String>)>,
    sections: Vec<usize>,
}

fn page(frame: &AdminFrame, status: StatusCode, home: &Home, form: &Fields, problems: &Problems) -> PageResult {
    let mut places = vec![("opening".to_owned(), "Opening picture".to_owned(), home.picture.as_ref().map(|picture| picture.src(640)))];
    places.extend(home.sections.iter().enumerate().map(|(at, section)| {
        (format!("section-{at}"), format!("Picture of “{}”", section.title), section.picture.as_ref().map(|picture| picture.src(640)))
    }));
    frame.page_with(status, "Home page", Edit { form, problems, places, sections: (0..Home::SECTIONS).collect() })
}

fn written(home: &Home, version: i32) -> Fields {
    let mut fields = Fields::default()
        .with("version", version.to_string())
        .with("title", &home.title)
        .with("line", &home.line)
        .with("facts", home.facts.join("\n"))
        .with("blog", &home.blog);
    for (at, section) in home.sections.iter().enumerate() {
        for (name, value) in [("title", &section.title), ("text", &section.text), ("link", &section.link), ("href", &section.href)] {
            fields = fields.with(&format!("{name}-{at}"), value);
        }
    }
    fields
}

/// What was typed; pictures stay with their places.
fn read(fields: &Fields, was: &Home, problems: &mut Problems) -> Home {
    let mut text = |name: &str, most: usize| {
        let text = fields.get(name).to_owned();
        if text.chars().count() > most {
            problems.add(name, format!("At most {most} characters."));
        }
        text
    };
    let (title, line, blog) = (text("title", 100), text("line", 300), text("blog", 60));
    let facts: Vec<String> = text("facts", 1_000).lines().map(str::trim).filter(|fact| !fact.is_empty()).map(ToOwned::to_owned).collect();
    let sections: Vec<Section> = (0..Home::SECTIONS)
        .map(|at| Section {
            title: text(&format!("title-{at}"), 100),
            text: text(&format!("text-{at}"), 2_000),
            link: text(&format!("link-{at}"), 60),
            href: text(&format!("href-{at}"), 255),
            picture: was.sections.get(at).and_then(|section| section.picture.clone()),
        })
        .collect();
    for (at, section) in sections.iter().enumerate() {
        typed::path(fields, &format!("href-{at}"), problems);
        if !section.href.is_empty() && section.link.is_empty() {
            problems.add(&format!("link-{at}"), "Say what the link leads to.");
        }
    }
    let sections = sections.into_iter().filter(|section| !section.title.is_empty()).collect();
    Home { title, line, picture: was.picture.clone(), sections, facts, blog }
}

async fn edit(State(app): State<App>, frame: AdminFrame, _: Staff<Catalog>) -> PageResult {
    let (home, version): (Home, i32) = settings::load(&app.db, Home::KEY).await?;
    page(&frame, StatusCode::OK, &home, &written(&home, version), &Problems::default())
}

async fn save(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, LongFields(fields): LongFields) -> PageResult {
    let (was, version): (Home, i32) = settings::load(&app.db, Home::KEY).await?;
    let mut problems = Problems::default();
    let home = read(&fields, &was, &mut problems);
    if !problems.is_empty() {
        return page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &was, &fields, &problems);
    }
    if !keep(&app, &staff, (&was, &home), fields.get("version").parse().unwrap_or(-1)).await? {
        problems.add("title", "Somebody changed this since you opened it. What you typed is still here; please look and save again.");
        return page(&frame, StatusCode::CONFLICT, &was, &fields.with("version", version.to_string()), &problems);
    }
    Ok(frame.see_other_saying(PATH, "content-desk-saved"))
}

/// Saves unless somebody did since `version`; says whether it did.
async fn keep(app: &App, staff: &Staff<Catalog>, (was, home): (&Home, &Home), version: i32) -> Result<bool, AppError> {
    let mut tx = app.db.begin().await?;
    if !settings::save(&mut *tx, Home::KEY, home, version).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    let (before, after) = (serde_json::to_value(was).ok(), serde_json::to_value(home).ok());
    staff::audit(&mut *tx, staff.actor(), "update", "settings", Home::KEY, before, after, app.now()).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(true)
}

async fn picture(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(place): Path<String>, multipart: Multipart) -> PageResult {
    let (was, version): (Home, i32) = settings::load(&app.db, Home::KEY).await?;
    let mut home = was.clone();
    let at = place.strip_prefix("section-").and_then(|at| at.parse::<usize>().ok());
    let slot = match at {
        Some(at) => &mut home.sections.get_mut(at).ok_or(AppError::NotFound)?.picture,
        None if place == "opening" => &mut home.picture,
        None => return Err(AppError::NotFound),
    };
    let mut tx = app.db.begin().await?;
    let media = match upload::one(&app, &mut tx, multipart, app.now()).await? {
        Ok(media) => media,
        Err(sentence) => {
            tx.rollback().await?;
            let mut problems = Problems::default();
            problems.add(&format!("file-{place}"), sentence);
            return page(&frame, StatusCode::UNPROCESSABLE_ENTITY, &was, &written(&was, version), &problems);
        }
    };
    *slot = Some(catalog::store::write::media::shown(&mut *tx, media).await?);
    tx.commit().await?;
    keep(&app, &staff, (&was, &home), version).await?;
    Ok(frame.see_other_saying(PATH, "content-desk-saved"))
}
