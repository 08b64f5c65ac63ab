//! Eight weeks of orders before the demo opens, made through the rooms' own doors with a fixed seed: first decided
//! (`plan`), then written down in one transaction (`scribe`, `desk`), so that there is all of it or nothing.
//!
//! Letters of the past are not written: what the rooms enqueue for them is called off in the same transaction, so no
//! worker ever sees it. Nothing is updated afterwards and no other room's table is touched.

mod calendar;
mod desk;
mod dice;
mod paper;
mod people;
mod places;
mod plan;
mod scribe;
mod shelf;
mod steps;
mod wares;

use plan::Plan;
use scribe::Scribe;

use super::store;
use crate::analytics;
use crate::app::App;
use crate::base::Actor;
use crate::platform::jobs;
use crate::staff;

/// Writes the weeks before the opening of the demo, once. Does nothing in a shop that was not opened as the demo, that
/// has its history, or that has sold something.
pub async fn history(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx).await?;
    let Some(opening) = store::owed_history(&mut tx).await? else { return Ok(()) };
    if !analytics::has_orders(&mut *tx).await? {
        let plan = Plan::before(opening, &app.rules().shop.zone);
        let mut scribe = Scribe::new(app, &mut tx, &plan).await?;
        for (at, step) in &plan.steps {
            scribe.perform(*step, *at).await?;
        }
        scribe.newsletter(opening).await?;
        jobs::call_off(&mut *tx, opening).await?;
        staff::audit(&mut *tx, Actor::System, "wrote", "demo", "history", None, None, app.now()).await?;
    }
    store::owe_history(&mut tx, None).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(())
}
