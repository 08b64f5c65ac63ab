//! Today: what came in, what waits, what went wrong.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::chart::{Bar, DAYS, bars, midnight};
use super::store;
use super::store::Now;
use crate::app::App;
use crate::base::Money;
use crate::staff::{Anyone, Permission, Staff};
use crate::web::PageResult;
use crate::web::filters;
use crate::web::frame::AdminFrame;

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin", get(show))
}

#[derive(Template)]
#[template(path = "analytics/admin/today.html")]
struct Today<'a> {
    now: &'a Now,
    sum: Money,
    low_stock: i32,
    bars: Vec<Bar>,
    reads_books: bool,
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    let rules = app.rules();
    let (at, zone, is_test) = (app.now(), &rules.shop.zone, app.config.is_test());
    let now = store::now(&app.db, midnight(at, zone, 0), is_test, rules.shop.low_stock).await?;
    let sums = store::days(&app.db, midnight(at, zone, DAYS - 1), zone, is_test).await?;
    let page = Today {
        sum: Money::new(now.sum_today_minor, rules.shop.currency),
        now: &now,
        low_stock: rules.shop.low_stock,
        bars: bars(at, zone, rules.shop.currency, &sums),
        reads_books: staff.role.may(Permission::Books),
    };
    frame.page("Today", page)
}
