//! Today: what came in, what waits, what went wrong, and how the last weeks went.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use super::chart::{Chart, DAYS, chart, midnight, week_before};
use super::store;
use super::store::{Best, Low, Now};
use crate::app::App;
use crate::base::{Currency, Money};
use crate::machinery;
use crate::orders;
use crate::orders::{Filter, Listed};
use crate::staff::{Anyone, Permission, Role, Staff};
use crate::web::PageResult;
use crate::web::filters;
use crate::web::frame::AdminFrame;

/// Days that best sellers are counted over.
const BEST_DAYS: i64 = 28;
/// Rows of each list; the room it comes from has the rest.
const ROWS: i64 = 6;

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin", get(show))
}

#[derive(Template)]
#[template(path = "analytics/admin/today.html")]
struct Today<'a> {
    now: &'a Now,
    currency: Currency,
    /// "Friday 27 November", "Friday", "14:05"
    date: String,
    weekday: String,
    hour: String,
    tasks: Vec<Task>,
    chart: Chart,
    best: Vec<Best>,
    low: Vec<Low>,
    latest: Vec<Listed>,
    may_edit: bool,
    is_test: bool,
    /// What a shop needs before it can sell.
    steps: Vec<Step>,
}

impl Today<'_> {
    fn money(&self, minor: &i64) -> Money {
        Money::new(*minor, self.currency)
    }

    /// Variants that are low or out beyond those that are listed.
    fn more_low(&self) -> i64 {
        self.now.low + self.now.sold_out - i64::try_from(self.low.len()).unwrap_or_default()
    }
}

/// Something that waits for somebody: how much of it, and where.
struct Task {
    count: i64,
    href: &'static str,
    one: &'static str,
    many: &'static str,
    /// Whether something went wrong, rather than waits.
    is_fault: bool,
}

/// What waits for this role, faults first; `reports` are new ones of browsers about the payment page.
fn tasks(now: &Now, reports: i64, role: Role) -> Vec<Task> {
    let all = [
        (now.flagged, "/admin/orders?view=flagged", "order to look at", "orders to look at", true, Permission::Orders),
        (reports, "/admin/browser-reports", "report about the payment page", "reports about the payment page", true, Permission::Books),
        (now.dead_jobs, "/admin/jobs", "job laid aside", "jobs laid aside", true, Permission::Books),
        (now.failed_mails, "/admin/mails?status=failed", "e-mail not sent", "e-mails not sent", true, Permission::Books),
        (now.to_ship, "/admin/orders?view=to-ship", "order to ship", "orders to ship", false, Permission::Orders),
        (now.awaiting_payment, "/admin/orders?view=awaiting-payment", "order awaiting payment", "orders awaiting payment", false, Permission::Orders),
        (now.sold_out, "#low", "variant sold out", "variants sold out", false, Permission::Stock),
        (now.low, "#low", "variant running low", "variants running low", false, Permission::Stock),
        (
            now.kept_mails,
            "/admin/mails?status=kept",
            "e-mail kept here, for no mail server is configured",
            "e-mails kept here, for no mail server is configured",
            false,
            Permission::Books,
        ),
    ];
    all.into_iter()
        .filter(|(count, .., needs)| *count > 0 && role.may(*needs))
        .map(|(count, href, one, many, is_fault, _)| Task { count, href, one, many, is_fault })
        .collect()
}

/// Something to do, and where.
struct Step {
    href: &'static str,
    title: &'static str,
    why: &'static str,
}

/// What a new shop still lacks and this role can give it, in the order in which to do it.
fn steps(now: &Now, can_be_paid: bool, role: Role) -> Vec<Step> {
    let steps = [
        (
            now.products == 0,
            Permission::Catalog,
            "/admin/products/new",
            "Add a product",
            "with options, prices, stock and pictures; or import a catalogue with wharf import",
        ),
        (!can_be_paid, Permission::Settings, "/admin/settings/payments", "Set up a way to pay", "a bank account is enough to begin with"),
        (now.pages == 0, Permission::Catalog, "/admin/pages", "Write the pages that the law asks for", "imprint, privacy, shipping, returns"),
    ];
    let is_open = |(is_open, needs, ..): &(bool, Permission, &str, &str, &str)| *is_open && role.may(*needs);
    steps.into_iter().filter(is_open).map(|(_, _, href, title, why)| Step { href, title, why }).collect()
}

async fn show(State(app): State<App>, frame: AdminFrame, staff: Staff<Anyone>) -> PageResult {
    let rules = app.rules();
    if rules.markets.is_empty() && staff.role.may(Permission::Settings) {
        return Ok(Redirect::to("/admin/set-up").into_response());
    }
    let (at, zone, is_test, language) = (app.now(), &rules.shop.zone, app.config.is_test(), frame.site.language);
    let before = (midnight(at, zone, 7), week_before(at, zone));
    let now = store::now(&app.db, midnight(at, zone, 0), before, is_test, rules.shop.low_stock).await?;
    let sums = store::days(&app.db, midnight(at, zone, DAYS - 1), zone, is_test).await?;
    let low = if now.low + now.sold_out > 0 { store::running_low(&app.db, language, rules.shop.low_stock, ROWS).await? } else { Vec::new() };
    let clock = at.in_zone(zone);
    let page = Today {
        currency: rules.shop.currency,
        date: clock.strftime("%A %-d %B").to_string(),
        weekday: clock.strftime("%A").to_string(),
        hour: clock.strftime("%H:%M").to_string(),
        tasks: tasks(&now, machinery::new_payment_reports(&app.db).await?, staff.role),
        chart: chart(at, zone, rules.shop.currency, &sums),
        best: store::best(&app.db, midnight(at, zone, BEST_DAYS - 1), is_test, ROWS).await?,
        low,
        latest: if staff.role.may(Permission::Orders) { orders::search(&app.db, &Filter::default(), ROWS).await? } else { Vec::new() },
        is_test,
        may_edit: staff.role.may(Permission::Catalog),
        steps: steps(&now, app.stripe.is_some() || !rules.shop.bank.iban.is_empty() || is_test, staff.role),
        now: &now,
    };
    frame.page("Today", page)
}
