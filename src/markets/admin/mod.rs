//! Settings of the shop as a whole: its facts, its menu, and which ways to pay are set up.

mod menu;
mod payments;
mod profiles;
mod shop;

use askama::Template;
use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::staff::{Settings, Staff};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

/// What a page says where somebody else saved first.
const STALE: &str = "Somebody saved this since you opened it. What you typed is still here: look at it and save again.";

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/settings", get(index)).merge(shop::routes()).merge(menu::routes()).merge(payments::routes())
}

#[derive(Template)]
#[template(path = "markets/admin/index.html")]
struct Index;

async fn index(frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    frame.page("Settings", Index)
}
