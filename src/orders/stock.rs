//! The goods of an order: held, released, held again. The ledger of `inventory` does the counting.

use sqlx::{Acquire, PgConnection};

use super::order::{Line, Order};
use super::store;
use crate::base::{Actor, Instant, ids};
use crate::inventory;
use crate::inventory::{AllocateError, Item, Note};
use crate::markets::ShopSettings;
use crate::platform::settings;

fn held(lines: &[Line]) -> Vec<Item> {
    lines
        .iter()
        .filter(|line| line.open_qty() > 0)
        .filter_map(|line| Some(Item { variant: line.variant_id?, line: line.id, qty: line.open_qty() }))
        .collect()
}

/// What the ledger is told of a move that an order causes.
pub async fn note(db: &mut PgConnection, reason: &'static str, actor: Actor, at: Instant) -> sqlx::Result<Note<'static>> {
    let (shop, _) = settings::load::<ShopSettings>(db, ShopSettings::KEY).await?;
    Ok(Note { reason, actor, at, low_stock: shop.low_stock })
}

/// Gives back everything that the order still holds. `stock_held`, under the order's lock, keeps it to once per holding.
pub async fn release(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<()> {
    if !order.stock_held {
        return Ok(());
    }
    let lines = store::lines(&mut *db, order.id).await?;
    let note = note(&mut *db, "", actor, at).await?;
    inventory::release(&mut *db, ids::v7(at), &held(&lines), &note).await?;
    store::set_stock_held(db, order.id, false).await
}

/// Takes the goods again for an order that was paid late; false where they are gone. The ledger's cause is a new one,
/// for the first taking and its release are history.
pub async fn hold_again(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<bool> {
    if order.stock_held {
        return Ok(true);
    }
    let lines = store::lines(&mut *db, order.id).await?;
    let note = note(&mut *db, "", actor, at).await?;
    let mut attempt = db.begin().await?;
    match inventory::allocate(&mut attempt, ids::v7(at), &held(&lines), &note).await {
        Ok(_) => {
            store::set_stock_held(&mut *attempt, order.id, true).await?;
            attempt.commit().await?;
            Ok(true)
        }
        Err(AllocateError::OutOf(_)) => attempt.rollback().await.map(|()| false),
        Err(AllocateError::Db(error)) => Err(error),
    }
}
