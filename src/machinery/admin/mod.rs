//! The pages of the machine room.

mod audit;
mod jobs;
mod mails;
mod reports;

use axum::Router;

use crate::app::App;

pub fn admin_routes() -> Router<App> {
    Router::new().merge(mails::routes()).merge(jobs::routes()).merge(reports::routes()).merge(audit::routes())
}
