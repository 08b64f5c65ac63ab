//! The goods of an order: held, released, shipped, put back. The ledger of `inventory` does the counting.

use sqlx::PgConnection;

use super::order::{Line, Order};
use super::store;
use crate::base::{Actor, Instant, OrderLineId, VariantId};
use crate::inventory;
use crate::platform::invalidation;

fn held(lines: &[Line]) -> Vec<(VariantId, OrderLineId, i32)> {
    lines.iter().filter(|line| line.open_qty() > 0).filter_map(|line| Some((line.variant_id?, line.id, line.open_qty()))).collect()
}

/// Gives back everything that the order still holds. `stock_held`, under the order's lock, keeps it to once per holding.
pub async fn release(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<()> {
    if !order.stock_held {
        return Ok(());
    }
    let lines = store::lines(&mut *db, order.id).await?;
    let tags = inventory::release(&mut *db, &held(&lines), crate::base::ids::v7(at), actor, at).await?;
    store::set_stock_held(&mut *db, order.id, false).await?;
    invalidation::append(db, &tags).await
}

/// Takes the goods again for an order that was paid late; false where they are gone. The ledger's cause is a new one,
/// for the first taking and its release are history.
pub async fn hold_again(db: &mut PgConnection, order: &Order, actor: Actor, at: Instant) -> sqlx::Result<bool> {
    if order.stock_held {
        return Ok(true);
    }
    let lines = store::lines(&mut *db, order.id).await?;
    let cause = crate::base::ids::v7(at);
    let mut attempt = sqlx::Acquire::begin(&mut *db).await?;
    match inventory::allocate(&mut attempt, &held(&lines), cause, actor, at).await? {
        Ok(tags) => {
            invalidation::append(&mut *attempt, &tags).await?;
            store::set_stock_held(&mut *attempt, order.id, true).await?;
            attempt.commit().await?;
            Ok(true)
        }
        Err(_) => attempt.rollback().await.map(|()| false),
    }
}
