//! The test provider's payment page. It exists only in test mode.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use super::test;
use super::test::{Choice, TestSession};
use crate::app::App;
use crate::web::{AppError, Fields, Frame, Meta, PageResult, filters};

pub fn routes() -> Router<App> {
    Router::new().route("/pay/test/{reference}", get(show).post(update))
}

#[derive(Template)]
#[template(path = "payments/test.html")]
struct TestPage {
    session: TestSession,
    is_extra_step: bool,
    is_open: bool,
}

async fn show(State(app): State<App>, frame: Frame, Path(reference): Path<String>) -> PageResult {
    page(&app, &frame, &reference, false).await
}

async fn page(app: &App, frame: &Frame, reference: &str, is_extra_step: bool) -> PageResult {
    if !app.config.is_test() {
        return Err(AppError::NotFound);
    }
    let session = test::find(&app.db, reference).await?.ok_or(AppError::NotFound)?;
    let is_open = session.state == "open" && frame.as_of < session.expires_at;
    frame.page(Meta { title: frame.text("payments-test-title"), is_private: true, ..Meta::default() }, TestPage { session, is_extra_step, is_open })
}

async fn update(State(app): State<App>, frame: Frame, Path(reference): Path<String>, fields: Fields) -> PageResult {
    if fields.get("choice") == "extra" {
        return page(&app, &frame, &reference, true).await;
    }
    if !app.config.is_test() {
        return Err(AppError::NotFound);
    }
    let session = test::find(&app.db, &reference).await?.ok_or(AppError::NotFound)?;
    let choice = Choice::parse(fields.get("choice")).ok_or(AppError::NotFound)?;
    test::choose(&app.db, &reference, choice, frame.as_of).await?;
    let back = if choice == Choice::Expire { session.cancel_url } else { session.success_url };
    Ok(Redirect::to(&back).into_response())
}
