//! Opening the demo: all of it in one transaction, so that a shop is a demo or is not.

use super::shelves::Shelves;
use super::{home, journal, pages, shelves, shop, store};
use crate::app::App;
use crate::base::Actor;
use crate::platform::invalidation;
use crate::staff;

/// Opens the demo shop, as one that has stood open for a while but sold nothing: [`super::history`] is the other half.
/// Does nothing where the shop has a market already.
pub async fn open(app: &App) -> anyhow::Result<()> {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx).await?;
    if store::has_market(&mut tx).await? {
        return Ok(());
    }
    let market = shop::open(&mut tx, at).await?;
    shop::deliver(&mut tx, at).await?;
    pages::write(&mut tx, at).await?;
    journal::write(app, &mut tx, at).await?;
    home::hang(app, &mut tx, at).await?;
    let shelves = Shelves { market: market.id, list: market.price_list.id, location: shop::locate(&mut tx, at).await?, at };
    let collections = shelves::fill(app, &mut tx, &shelves).await?;
    shop::hang_menu(&mut tx, &collections).await?;
    store::mark(&mut tx, true).await?;
    store::owe_history(&mut tx, Some(at)).await?;
    // The log is read by time, and the weeks before come into it later.
    staff::audit(&mut *tx, Actor::System, "opened", "demo", "demo", None, None, at.plus_days(-shelves::OPEN_FOR_DAYS)).await?;
    invalidation::rules_changed(&mut tx).await?;
    tx.commit().await?;
    app.changed().await;
    app.reload().await?;
    app.enqueued();
    Ok(())
}
