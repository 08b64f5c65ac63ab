//! Messages worked on, and the sweeper that asks about every payment nobody has heard of (R3, R5).

use anyhow::Context;

use super::payment::{Payment, State};
use super::store;
use crate::app::App;
use crate::base::WebhookId;
use crate::checkout;
use crate::orders;
use crate::payments::stripe::SESSION_SECONDS;
use crate::web::frame::Site;

pub const WEBHOOK: &str = "payments.webhook";
pub const SWEEP: &str = "payments.sweep";

/// A payment that has been quiet for so long is asked about.
const QUIET_SECONDS: i64 = 90;

#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct WebhookTask {
    pub webhook: WebhookId,
}

pub async fn run_job(app: &App, kind: &str, payload: serde_json::Value) -> anyhow::Result<()> {
    match kind {
        WEBHOOK => webhook(app, serde_json::from_value(payload)?).await,
        SWEEP => sweep(app).await,
        other => anyhow::bail!("no such job: {other}"),
    }
}

/// The message names a payment; the provider is asked about it. It is tried again until the payment exists.
async fn webhook(app: &App, task: WebhookTask) -> anyhow::Result<()> {
    let Some(body) = store::webhook(&app.db, task.webhook).await? else { return Ok(()) };
    let event = super::stripe::read_event(&body).map_err(|error| anyhow::anyhow!("a stored message: {error}"))?;
    let payment = match (&event.session_reference, event.order) {
        (Some(reference), _) if store::find_by_session(&app.db, "stripe", reference).await?.is_some() => {
            store::find_by_session(&app.db, "stripe", reference).await?
        }
        (_, Some(order)) => store::latest(&app.db, order).await?,
        _ => None,
    };
    let Some(payment) = payment else {
        if event.order.is_none() && event.session_reference.is_none() {
            return Ok(store::webhook_done(&app.db, task.webhook, "not about a payment of this shop", app.now()).await?);
        }
        anyhow::bail!("the payment of event {} does not exist yet", event.id);
    };
    anyhow::ensure!(payment.session_reference.is_some(), "the session of payment {} is not on record yet", payment.id);
    orders::check(&app.db, &app.providers(), &payment, app.now()).await.context("asking the provider about a payment")?;
    ask_refunds(app, &payment).await?;
    app.changed().await;
    Ok(store::webhook_done(&app.db, task.webhook, "asked and settled", app.now()).await?)
}

/// Asks about every quiet payment. One that cannot be asked about now waits for the next round.
async fn sweep(app: &App) -> anyhow::Result<()> {
    let at = app.now();
    let quiet = store::open_for_sweep(&app.db, at.plus_seconds(-QUIET_SECONDS)).await?;
    for payment in &quiet {
        if let Err(error) = sweep_one(app, payment).await {
            tracing::warn!(payment.id = %payment.id, error = format!("{error:#}"), "a payment stays unclear");
        }
    }
    if !quiet.is_empty() {
        app.changed().await;
    }
    Ok(())
}

async fn sweep_one(app: &App, payment: &Payment) -> anyhow::Result<()> {
    let at = app.now();
    if payment.state == State::Created && payment.session_reference.is_none() {
        // A crash fell between the order and its session. The same key finds the session if there is one; where its
        // time is over and none was made, the provider says a definite no, and the order is released.
        if at < payment.created_at.plus_seconds(SESSION_SECONDS) {
            return Ok(());
        }
        let order = orders::find(&app.db, payment.order_id).await?.context("a payment has an order")?;
        let site = app.snapshot().site_for(order.market_id, order.language);
        let outcome = checkout::open_session(&app.db, &app.providers(), &shop(&site), &order, payment, at).await;
        if outcome.is_err() {
            return Ok(());
        }
    }
    let payment = store::find(&app.db, payment.id).await?.context("it was there a moment ago")?;
    let providers = app.providers();
    if payment.expires_at.is_some_and(|end| end <= at) && payment.state == State::Open {
        orders::end_session(&app.db, &providers, &payment, at).await?;
    } else {
        orders::check(&app.db, &providers, &payment, at).await?;
    }
    Ok(())
}

fn shop(site: &Site) -> String {
    format!("{}{}", site.origin, site.prefix)
}

async fn ask_refunds(app: &App, payment: &Payment) -> anyhow::Result<()> {
    for refund in store::unfinished_refunds(&app.db, payment.id).await?.iter().filter(|refund| refund.reference.is_some()) {
        let standing = app.providers().refund(payment, refund).await?;
        let mut tx = app.db.begin().await?;
        orders::settle_refund(&mut tx, refund, &standing, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}
