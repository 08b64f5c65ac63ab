//! The page on which staff see that the books agree, or what does not.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::examine::{Report, report};
use crate::app::App;
use crate::staff::{Books, Staff};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

/// Pages of the admin.
pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/books", get(books))
}

#[derive(Template)]
#[template(path = "books/books.html")]
struct BooksPage {
    report: Report,
}

async fn books(State(app): State<App>, frame: AdminFrame, _: Staff<Books>) -> PageResult {
    frame.page("Health of the books", BooksPage { report: report(&app.db).await? })
}
