//! Which ways to pay are set up. Keys are the operator's configuration and never shown here.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use crate::app::App;
use crate::staff::{Settings, Staff};
use crate::web::PageResult;
use crate::web::frame::AdminFrame;

pub fn routes() -> Router<App> {
    Router::new().route("/admin/settings/payments", get(show))
}

#[derive(Template)]
#[template(path = "markets/admin/payments.html")]
struct Show<'a> {
    has_stripe: bool,
    webhook_secrets: usize,
    webhook_url: String,
    iban: &'a str,
    is_test: bool,
}

async fn show(State(app): State<App>, frame: AdminFrame, _staff: Staff<Settings>) -> PageResult {
    let rules = app.rules();
    frame.page(
        "Payment",
        Show {
            has_stripe: app.stripe.is_some(),
            webhook_secrets: app.config.stripe_webhook_secrets.len(),
            webhook_url: format!("{}/webhooks/stripe", app.config.origin()),
            iban: &rules.shop.bank.iban,
            is_test: app.config.is_test(),
        },
    )
}
