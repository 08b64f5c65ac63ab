//! SQL of the stock.

use sqlx::{FromRow, PgConnection, PgExecutor, Row};
use uuid::Uuid;

use super::level::{Difference, Level, Move};
use super::moving::{Item, Note};
use crate::base::{Country, Instant, LocationId, VariantId};

/// Opens a place where things lie.
pub async fn open_location(db: impl PgExecutor<'_>, name: &str, country: Country, at: Instant) -> sqlx::Result<LocationId> {
    sqlx::query_scalar("INSERT INTO locations (id, name, country) VALUES ($1, $2, $3) RETURNING id")
        .bind(LocationId::fresh(at))
        .bind(name)
        .bind(country)
        .fetch_one(db)
        .await
}

/// The place that orders are served from: the oldest. Every shop is opened with one.
pub async fn default_location(db: impl PgExecutor<'_>) -> sqlx::Result<LocationId> {
    sqlx::query_scalar("SELECT id FROM locations ORDER BY id LIMIT 1").fetch_one(db).await
}

/// A level to count on, at zero where there was none.
pub async fn ensure_level(db: impl PgExecutor<'_>, variant: VariantId, location: LocationId) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO stock_levels (variant_id, location_id) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT stock_levels_pkey DO NOTHING")
        .bind(variant)
        .bind(location)
        .execute(db)
        .await
        .map(drop)
}

/// Stock of some variants at all locations together; those that never had any are at zero.
pub async fn levels(db: impl PgExecutor<'_>, variants: &[VariantId]) -> sqlx::Result<Vec<Level>> {
    sqlx::query_as(
        "SELECT v.id AS variant_id, v.product_id, COALESCE(sum(l.on_hand), 0)::int AS on_hand, COALESCE(sum(l.allocated), 0)::int AS allocated,
                v.is_tracked, v.sells_when_empty
           FROM variants v
           LEFT JOIN stock_levels l ON l.variant_id = v.id
          WHERE v.id = ANY($1)
          GROUP BY v.id",
    )
    .bind(variants)
    .fetch_all(db)
    .await
}

/// The latest moves of a variant, newest first.
pub async fn history(db: impl PgExecutor<'_>, variant: VariantId, limit: i64) -> sqlx::Result<Vec<Move>> {
    sqlx::query_as(
        "SELECT kind, on_hand_delta, allocated_delta, reason, actor, occurred_at FROM stock_moves WHERE variant_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(variant)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Levels that are not the sum of their moves; there should be none.
pub async fn recompute(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Difference>> {
    sqlx::query_as(
        "SELECT variant_id, COALESCE(l.on_hand, 0) AS on_hand, COALESCE(m.on_hand, 0)::int AS on_hand_moves,
                COALESCE(l.allocated, 0) AS allocated, COALESCE(m.allocated, 0)::int AS allocated_moves
           FROM stock_levels l
           FULL JOIN (SELECT variant_id, location_id, sum(on_hand_delta) AS on_hand, sum(allocated_delta) AS allocated
                        FROM stock_moves
                       GROUP BY variant_id, location_id) m USING (variant_id, location_id)
          WHERE COALESCE(l.on_hand, 0) <> COALESCE(m.on_hand, 0) OR COALESCE(l.allocated, 0) <> COALESCE(m.allocated, 0)",
    )
    .fetch_all(db)
    .await
}

/// Locks a level and says how many are there.
pub(super) async fn lock_on_hand(db: &mut PgConnection, variant: VariantId, location: LocationId) -> sqlx::Result<i32> {
    sqlx::query_scalar("SELECT on_hand FROM stock_levels WHERE variant_id = $1 AND location_id = $2 FOR UPDATE")
        .bind(variant)
        .bind(location)
        .fetch_one(db)
        .await
}

/// Locks levels in key order.
pub(super) async fn lock(db: &mut PgConnection, variants: &[VariantId]) -> sqlx::Result<()> {
    sqlx::query("SELECT FROM stock_levels WHERE variant_id = ANY($1) ORDER BY variant_id, location_id FOR UPDATE")
        .bind(variants)
        .execute(db)
        .await
        .map(drop)
}

pub(super) async fn change_on_hand(
    db: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
    (kind, delta): (&str, i32),
    note: &Note<'_>,
) -> sqlx::Result<Level> {
    sqlx::query_as(
        "WITH moved AS (
             INSERT INTO stock_moves (variant_id, location_id, kind, on_hand_delta, reason, actor, occurred_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7))
         UPDATE stock_levels l
            SET on_hand = l.on_hand + $4
           FROM variants v
          WHERE l.variant_id = $1 AND l.location_id = $2 AND v.id = $1
      RETURNING v.id AS variant_id, v.product_id, v.is_tracked, v.sells_when_empty,
                l.on_hand + (SELECT COALESCE(sum(o.on_hand), 0)::int FROM stock_levels o WHERE o.variant_id = $1 AND o.location_id <> $2) AS on_hand,
                l.allocated + (SELECT COALESCE(sum(o.allocated), 0)::int FROM stock_levels o WHERE o.variant_id = $1 AND o.location_id <> $2) AS allocated",
    )
    .bind(variant)
    .bind(location)
    .bind(kind)
    .bind(delta)
    .bind(note.reason)
    .bind(note.actor.to_string())
    .bind(note.at)
    .fetch_one(db)
    .await
}

/// Writes the promises into the ledger, at the default location; gives those that were not there yet, with the location.
pub(super) async fn insert_allocations(
    db: &mut PgConnection,
    cause: Uuid,
    items: &[Item],
    note: &Note<'_>,
) -> sqlx::Result<Vec<(VariantId, LocationId, i32)>> {
    sqlx::query_as(
        "INSERT INTO stock_moves (variant_id, location_id, kind, allocated_delta, reason, cause, order_line_id, actor, occurred_at)
         SELECT i.variant_id, (SELECT id FROM locations ORDER BY id LIMIT 1), 'allocated', i.qty, $4, $5, i.line_id, $6, $7
           FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS i (variant_id, line_id, qty)
          ORDER BY i.variant_id, i.line_id
             ON CONFLICT ON CONSTRAINT stock_moves_order_line_id_kind_cause_key DO NOTHING
      RETURNING variant_id, location_id, allocated_delta",
    )
    .bind(items.iter().map(|item| item.variant).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.line).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.qty).collect::<Vec<_>>())
    .bind(note.reason)
    .bind(cause)
    .bind(note.actor.to_string())
    .bind(note.at)
    .fetch_all(db)
    .await
}

/// Promises pieces where they are there, or where the variant sells without them; `None` where it does not.
pub(super) async fn take(db: &mut PgConnection, variant: VariantId, location: LocationId, qty: i32) -> sqlx::Result<Option<Level>> {
    sqlx::query_as(
        "UPDATE stock_levels l
            SET allocated = l.allocated + $3
           FROM variants v
          WHERE l.variant_id = $1 AND l.location_id = $2 AND v.id = $1
            AND (l.on_hand - l.allocated >= $3 OR v.sells_when_empty OR NOT v.is_tracked)
      RETURNING v.id AS variant_id, v.product_id, v.is_tracked, v.sells_when_empty,
                l.on_hand + (SELECT COALESCE(sum(o.on_hand), 0)::int FROM stock_levels o WHERE o.variant_id = $1 AND o.location_id <> $2) AS on_hand,
                l.allocated + (SELECT COALESCE(sum(o.allocated), 0)::int FROM stock_levels o WHERE o.variant_id = $1 AND o.location_id <> $2) AS allocated",
    )
    .bind(variant)
    .bind(location)
    .bind(qty)
    .fetch_optional(db)
    .await
}

/// Moves lines that were promised, where the cause has not moved them yet: per variant the changes and the new level.
/// A line moves where it was promised; else at `location`.
pub(super) async fn move_lines(
    db: &mut PgConnection,
    cause: Uuid,
    location: LocationId,
    items: &[Item],
    note: &Note<'_>,
    (kind, on_hand, allocated): (&str, i32, i32),
) -> sqlx::Result<Vec<(i32, i32, Level)>> {
    let rows = sqlx::query(
        "WITH moved AS (
             INSERT INTO stock_moves (variant_id, location_id, kind, on_hand_delta, allocated_delta, reason, cause, order_line_id, actor, occurred_at)
             SELECT i.variant_id,
                    COALESCE((SELECT m.location_id FROM stock_moves m WHERE m.order_line_id = i.line_id AND m.kind = 'allocated' ORDER BY m.id LIMIT 1), $4),
                    $5, i.qty * $6, i.qty * $7, $8, $9, i.line_id, $10, $11
               FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS i (variant_id, line_id, qty)
                 ON CONFLICT ON CONSTRAINT stock_moves_order_line_id_kind_cause_key DO NOTHING
          RETURNING variant_id, location_id, on_hand_delta, allocated_delta),
         sums AS (
             SELECT variant_id, location_id, sum(on_hand_delta)::int AS on_hand, sum(allocated_delta)::int AS allocated
               FROM moved
              GROUP BY variant_id, location_id)
         UPDATE stock_levels l
            SET on_hand = l.on_hand + s.on_hand, allocated = l.allocated + s.allocated
           FROM sums s
           JOIN variants v ON v.id = s.variant_id
          WHERE l.variant_id = s.variant_id AND l.location_id = s.location_id
      RETURNING s.on_hand AS on_hand_delta, s.allocated AS allocated_delta, v.id AS variant_id, v.product_id, v.is_tracked, v.sells_when_empty,
                l.on_hand + (SELECT COALESCE(sum(o.on_hand), 0)::int FROM stock_levels o WHERE o.variant_id = l.variant_id AND o.location_id <> l.location_id) AS on_hand,
                l.allocated + (SELECT COALESCE(sum(o.allocated), 0)::int FROM stock_levels o WHERE o.variant_id = l.variant_id AND o.location_id <> l.location_id) AS allocated",
    )
    .bind(items.iter().map(|item| item.variant).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.line).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.qty).collect::<Vec<_>>())
    .bind(location)
    .bind(kind)
    .bind(on_hand)
    .bind(allocated)
    .bind(note.reason)
    .bind(cause)
    .bind(note.actor.to_string())
    .bind(note.at)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("on_hand_delta")?, row.try_get("allocated_delta")?, Level::from_row(row)?))).collect()
}
