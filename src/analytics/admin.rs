//! Today: what came in, what waits, what went wrong.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
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
    /// What a shop needs before it can sell.
    steps: Vec<Step>,
}

/// Something to do, and where.
struct Step {
    href: &'static str,
    title: &'static str,
    why: &'static str,
}

/// What a new shop still lacks, in the order in which to do it.
fn steps(now: &Now, can_be_paid: bool) -> Vec<Step> {
    let steps = [
        (
            now.products == 0,
            "/admin/products/new",
            "Add a product",
            "with options, prices, stock and pictures; or import a catalogue with wharf import",
        ),
        (!can_be_paid, "/admin/settings/payments", "Set up a way to pay", "a bank account is enough to begin with"),
        (now.pages == 0, "/admin/pages", "Write the pages that the law asks for", "imprint, privacy, shipping, returns"),
    ];
    steps.into_iter().filter(|(is_open, ..)| *is_open).map(|(_, href, title, why)| Step { href, title, why }).collect()
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    let rules = app.rules();
    if rules.markets.is_empty() && staff.role.may(Permission::Settings) {
        return Ok(Redirect::to("/admin/set-up").into_response());
    }
    let (at, zone, is_test) = (app.now(), &rules.shop.zone, app.config.is_test());
    let now = store::now(&app.db, midnight(at, zone, 0), is_test, rules.shop.low_stock).await?;
    let sums = store::days(&app.db, midnight(at, zone, DAYS - 1), zone, is_test).await?;
    let page = Today {
        sum: Money::new(now.sum_today_minor, rules.shop.currency),
        now: &now,
        low_stock: rules.shop.low_stock,
        bars: bars(at, zone, rules.shop.currency, &sums),
        steps: steps(&now, app.stripe.is_some() || !rules.shop.bank.iban.is_empty() || is_test),
        reads_books: staff.role.may(Permission::Books),
    };
    frame.page("Today", page)
}
