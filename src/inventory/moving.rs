//! Moving stock: every change is a row of the ledger and the level's new sum, in one transaction. What orders cause is
//! idempotent: one cause moves one line once per kind (`stock_moves_order_line_id_kind_cause_key`).

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::level::Level;
use super::store;
use crate::base::{Actor, Instant, LocationId, OrderLineId, ProductId, VariantId};
use crate::platform::invalidation;

/// Who moves it, when and why; and at how many a page says that few are left.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    pub reason: &'a str,
    pub actor: Actor,
    pub at: Instant,
    pub low_stock: i32,
}

/// Pieces of a variant for a line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub variant: VariantId,
    pub line: OrderLineId,
    pub qty: i32,
}

/// Why nothing was promised. The caller rolls back.
#[derive(Debug, thiserror::Error)]
pub enum AllocateError {
    /// There are too few of these.
    #[error("not enough in stock")]
    OutOf(Vec<VariantId>),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Pieces came in. Gives the products whose pages show something else now, as all verbs here do.
pub async fn receive(tx: &mut PgConnection, variant: VariantId, location: LocationId, qty: i32, note: &Note<'_>) -> sqlx::Result<Vec<ProductId>> {
    change(tx, variant, location, ("received", qty), note).await
}

/// The count is corrected by so many pieces.
pub async fn adjust(tx: &mut PgConnection, variant: VariantId, location: LocationId, delta: i32, note: &Note<'_>) -> sqlx::Result<Vec<ProductId>> {
    change(tx, variant, location, ("adjusted", delta), note).await
}

/// So many were counted. Writes nothing where the count was right.
pub async fn set_on_hand(
    tx: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
    counted: i32,
    note: &Note<'_>,
) -> sqlx::Result<Vec<ProductId>> {
    store::ensure_level(&mut *tx, variant, location).await?;
    let on_hand = store::lock_on_hand(&mut *tx, variant, location).await?;
    change(tx, variant, location, ("adjusted", counted.saturating_sub(on_hand)), note).await
}

async fn change(
    tx: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
    (kind, delta): (&str, i32),
    note: &Note<'_>,
) -> sqlx::Result<Vec<ProductId>> {
    if delta == 0 {
        return Ok(Vec::new());
    }
    store::ensure_level(&mut *tx, variant, location).await?;
    let after = store::change_on_hand(&mut *tx, variant, location, (kind, delta), note).await?;
    tell(tx, &[(Level { on_hand: after.on_hand - delta, ..after }, after)], note.low_stock).await
}

/// Promises pieces to an order's lines, all or none: two lines of one variant count together, stock rows are taken in
/// key order (so that no two orders wait for each other), and each by one conditional update that decides and moves.
pub async fn allocate(tx: &mut PgConnection, cause: Uuid, items: &[Item], note: &Note<'_>) -> Result<Vec<ProductId>, AllocateError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted: BTreeMap<(VariantId, LocationId), i32> = BTreeMap::new();
    for (variant, location, qty) in store::insert_allocations(&mut *tx, cause, items, note).await? {
        let sum = wanted.entry((variant, location)).or_default();
        *sum = sum.saturating_add(qty);
    }
    let (mut changes, mut out_of) = (Vec::new(), Vec::new());
    for ((variant, location), qty) in wanted {
        let mut taken = store::take(&mut *tx, variant, location, qty).await?;
        if taken.is_none() {
            // Either there are too few, or nobody has counted any yet: then there is no row to take from.
            store::ensure_level(&mut *tx, variant, location).await?;
            taken = store::take(&mut *tx, variant, location, qty).await?;
        }
        match taken {
            Some(after) => changes.push((Level { allocated: after.allocated - qty, ..after }, after)),
            None => out_of.push(variant),
        }
    }
    if !out_of.is_empty() {
        return Err(AllocateError::OutOf(out_of));
    }
    Ok(tell(tx, &changes, note.low_stock).await?)
}

/// What was promised is free again (an order or some of its pieces were cancelled).
pub async fn release(tx: &mut PgConnection, cause: Uuid, items: &[Item], note: &Note<'_>) -> sqlx::Result<Vec<ProductId>> {
    settle(tx, cause, items, note, ("released", 0, -1)).await
}

/// What was promised left the house.
pub async fn ship(tx: &mut PgConnection, cause: Uuid, items: &[Item], note: &Note<'_>) -> sqlx::Result<Vec<ProductId>> {
    settle(tx, cause, items, note, ("shipped", -1, -1)).await
}

/// What had left came back and can be sold again.
pub async fn restock(tx: &mut PgConnection, cause: Uuid, items: &[Item], note: &Note<'_>) -> sqlx::Result<Vec<ProductId>> {
    settle(tx, cause, items, note, ("restocked", 1, 0)).await
}

async fn settle(
    tx: &mut PgConnection,
    cause: Uuid,
    items: &[Item],
    note: &Note<'_>,
    (kind, on_hand, allocated): (&str, i32, i32),
) -> sqlx::Result<Vec<ProductId>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let location = store::default_location(&mut *tx).await?;
    store::lock(&mut *tx, &items.iter().map(|item| item.variant).collect::<Vec<_>>()).await?;
    let moved = store::move_lines(&mut *tx, cause, location, items, note, (kind, on_hand, allocated)).await?;
    let changes: Vec<(Level, Level)> = moved
        .into_iter()
        .map(|(on_hand, allocated, after)| (Level { on_hand: after.on_hand - on_hand, allocated: after.allocated - allocated, ..after }, after))
        .collect();
    tell(tx, &changes, note.low_stock).await
}

/// Marks the pages of products that show something else than before as stale.
async fn tell(tx: &mut PgConnection, changes: &[(Level, Level)], low_stock: i32) -> sqlx::Result<Vec<ProductId>> {
    let changed: BTreeSet<ProductId> =
        changes.iter().filter(|(before, after)| before.shown(low_stock) != after.shown(low_stock)).map(|(_, after)| after.product_id).collect();
    if !changed.is_empty() {
        let mut tags: Vec<String> = changed.iter().map(|product| format!("product:{product}")).collect();
        tags.push("listing".to_owned());
        invalidation::append(&mut *tx, &tags).await?;
    }
    Ok(changed.into_iter().collect())
}
