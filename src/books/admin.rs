//! The page on which staff see that the books agree, or what does not.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::examine::{Counts, Difference, Report, report};
use super::store;
use crate::app::App;
use crate::staff::{Books, Staff};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

/// Pages of the admin.
pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/books", get(books))
}

/// A difference, and the page of what it is about.
struct Row {
    path: Option<String>,
    difference: Difference,
}

#[derive(Template)]
#[template(path = "books/books.html")]
struct BooksPage {
    rows: Vec<Row>,
    counts: Counts,
}

async fn books(State(app): State<App>, frame: AdminFrame, _: Staff<Books>) -> PageResult {
    let Report { differences, counts } = report(&app.db).await?;
    let numbers: Vec<&str> = differences.iter().filter_map(|difference| difference.subject.order()).collect();
    let ids = store::order_ids(&app.db, &numbers).await?;
    let path = |number: &str| ids.iter().find(|(known, _)| known == number).map(|(_, id)| format!("/admin/orders/{id}"));
    let rows = differences.into_iter().map(|difference| Row { path: difference.subject.order().and_then(path), difference }).collect();
    frame.page("Checks", BooksPage { rows, counts })
}
