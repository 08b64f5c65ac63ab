//! Letters written, refunds asked for.

use anyhow::Context;

use super::refund::settle_refund;
use super::{mails, tasks};
use crate::app::App;
use crate::payments;
use crate::payments::{ProviderError, RefundStanding};

pub async fn run_job(app: &App, kind: &str, payload: serde_json::Value) -> anyhow::Result<()> {
    match kind {
        tasks::LETTER => mails::write(app, &serde_json::from_value(payload)?).await,
        tasks::REFUND => refund(app, &serde_json::from_value(payload)?).await,
        other => anyhow::bail!("no such job: {other}"),
    }
}

/// Asks the provider for the money back. A definite no is written down; an unclear answer is asked again.
async fn refund(app: &App, task: &tasks::RefundTask) -> anyhow::Result<()> {
    let refund = payments::refund(&app.db, task.refund).await?.context("a refund job has its row")?;
    if matches!(refund.state.as_str(), "succeeded" | "failed") {
        return Ok(());
    }
    let payment = payments::find(&app.db, refund.payment_id).await?.context("a refund has its payment")?;
    let providers = app.providers();
    let standing = match providers.refund(&payment, &refund).await {
        Ok(standing) => standing,
        Err(ProviderError::Refused { code, message }) => RefundStanding::Failed { reference: String::new(), reason: format!("{code}: {message}") },
        Err(error) => return Err(error.into()),
    };
    let mut tx = app.db.begin().await?;
    settle_refund(&mut tx, &refund, &standing, app.now()).await?;
    tx.commit().await?;
    app.enqueued();
    anyhow::ensure!(!matches!(standing, RefundStanding::Pending { .. }), "the refund is on its way; asked again later");
    Ok(())
}
