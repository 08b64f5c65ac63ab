//! The machine room as staff see it: letters as they were written, jobs that wait or were laid aside. The machinery
//! itself is `platform`, which knows no pages.

mod jobs;
mod mails;
mod store;

use axum::Router;

use crate::app::App;

pub fn admin_routes() -> Router<App> {
    Router::new().merge(mails::routes()).merge(jobs::routes())
}
