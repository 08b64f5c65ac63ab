//! The main menu: up to eight links inside the shop.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::STALE;
use crate::app::{App, MENU};
use crate::platform::{invalidation, settings};
use crate::staff;
use crate::staff::{Settings, Staff};
use crate::web::form::{Fields, Problems};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{Link, PageResult};

/// Lines of the editor.
const LINES: usize = 8;

pub fn routes() -> Router<App> {
    Router::new().route("/admin/settings/menu", get(edit).post(update))
}

#[derive(Template)]
#[template(path = "markets/admin/menu.html")]
struct Edit<'a> {
    lines: Vec<(usize, Link)>,
    problems: &'a Problems,
    version: i32,
}

fn page(frame: &AdminFrame, status: StatusCode, mut links: Vec<Link>, problems: &Problems, version: i32) -> PageResult {
    links.resize(LINES, Link { title: String::new(), href: String::new() });
    frame.page_with(status, "Menu", Edit { lines: links.into_iter().enumerate().map(|(at, link)| (at + 1, link)).collect(), problems, version })
}

async fn edit(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    let (links, version): (Vec<Link>, i32) = settings::load(&app.db, MENU).await?;
    page(&frame, StatusCode::OK, links, &Problems::default(), version)
}

async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Settings>, fields: Fields) -> PageResult {
    let links: Vec<Link> = (1..=LINES)
        .map(|at| Link { title: fields.get(&format!("title-{at}")).to_owned(), href: fields.get(&format!("href-{at}")).to_owned() })
        .collect();
    let mut problems = Problems::default();
    for (at, link) in links.iter().enumerate().filter(|(_, link)| !link.title.is_empty() || !link.href.is_empty()) {
        if link.title.is_empty() || link.title.chars().count() > 60 {
            problems.add(&format!("title-{}", at + 1), format!("Line {}: enter a title of at most 60 characters.", at + 1));
        }
        let href = format!("href-{}", at + 1);
        if typed::path(&fields, &href, &mut problems).is_none() {
            problems.add(&href, "Enter a path of this shop, such as /collections/cups.");
        }
    }
    let (was, version): (Vec<Link>, i32) = settings::load(&app.db, MENU).await?;
    if !problems.is_empty() {
        return page(&frame, StatusCode::UNPROCESSABLE_ENTITY, links, &problems, fields.get("version").parse().unwrap_or(version));
    }
    let kept: Vec<Link> = links.iter().filter(|link| !link.title.is_empty()).cloned().collect();
    let mut tx = app.db.begin().await?;
    if !settings::save(&mut *tx, MENU, &kept, fields.get("version").parse().unwrap_or(-1)).await? {
        tx.rollback().await?;
        problems.add("title-1", STALE);
        return page(&frame, StatusCode::CONFLICT, links, &problems, version);
    }
    let (before, after) = (serde_json::to_value(&was).ok(), serde_json::to_value(&kept).ok());
    staff::audit(&mut *tx, staff.actor(), "update", "settings", MENU, before, after, app.now()).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying("/admin/settings/menu", "markets-flash-saved"))
}
