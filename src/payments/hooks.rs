//! Providers calling us. A message is checked over its raw body, stored, and answered; a job works on it, and asks the
//! provider rather than believing it (T11, T12).

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use super::jobs::{WEBHOOK, WebhookTask};
use super::store;
use crate::app::App;
use crate::platform::jobs;
use crate::web::limits::WEBHOOK_BYTES;

pub fn routes() -> Router<App> {
    Router::new().route("/webhooks/stripe", post(stripe)).layer(DefaultBodyLimit::max(WEBHOOK_BYTES))
}

async fn stripe(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(stripe) = &app.stripe else { return StatusCode::NOT_FOUND };
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let event = match stripe.verify(&body, signature, app.now()) {
        Ok(event) => event,
        Err(error) => {
            tracing::warn!(%error, "a webhook was refused");
            metrics::counter!("wharf_webhooks_refused_total").increment(1);
            return StatusCode::BAD_REQUEST;
        }
    };
    match keep(&app, &event.id, &body).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, "a webhook could not be stored; the provider will repeat it");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Message and job in one transaction; a repetition is answered and nothing else.
async fn keep(app: &App, event_id: &str, body: &[u8]) -> sqlx::Result<()> {
    let mut tx = app.db.begin().await?;
    if let Some(webhook) = store::webhook_store(&mut *tx, "stripe", event_id, body, app.now()).await? {
        jobs::enqueue(&mut *tx, WEBHOOK, &WebhookTask { webhook }, app.now()).await?;
        tx.commit().await?;
        app.enqueued();
    }
    Ok(())
}
