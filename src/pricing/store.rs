//! SQL of the prices: dated rows per variant and list.

use sqlx::{PgConnection, PgExecutor};

use super::offers::VariantOffer;
use crate::base::{Instant, PriceId, PriceListId, ProductId, VariantId};

/// One dated price.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PriceRow {
    pub variant_id: VariantId,
    pub amount_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub valid_from: Option<Instant>,
    pub valid_until: Option<Instant>,
}

pub async fn rules_version(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT version FROM rules_version").fetch_one(db).await
}

/// All dated prices of some variants on a list, newest first.
pub async fn list(db: impl PgExecutor<'_>, list: PriceListId, variants: &[VariantId]) -> sqlx::Result<Vec<PriceRow>> {
    sqlx::query_as(
        "SELECT variant_id, amount_minor, compare_at_minor, lower(valid) AS valid_from, upper(valid) AS valid_until
           FROM prices
          WHERE price_list_id = $1 AND variant_id = ANY($2)
          ORDER BY variant_id, lower(valid) DESC NULLS LAST",
    )
    .bind(list)
    .bind(variants)
    .fetch_all(db)
    .await
}

/// Price and stock of the variants of a product that are for sale, in their order; one statement.
pub async fn offers(db: impl PgExecutor<'_>, list: PriceListId, product: ProductId, as_of: Instant) -> sqlx::Result<Vec<VariantOffer>> {
    sqlx::query_as(
        "SELECT v.id AS variant_id, p.amount_minor, p.compare_at_minor,
                CASE WHEN isfinite(upper(p.valid)) THEN upper(p.valid) END AS ends_at,
                (SELECT min(bound.at)
                   FROM prices q
                  CROSS JOIN LATERAL (VALUES (lower(q.valid)), (upper(q.valid))) bound (at)
                  WHERE q.variant_id = v.id AND q.price_list_id = $1 AND bound.at > $3 AND isfinite(bound.at)) AS next_change,
                COALESCE((SELECT sum(l.on_hand - l.allocated) FROM stock_levels l WHERE l.variant_id = v.id), 0) AS available
           FROM variants v
           LEFT JOIN prices p ON p.variant_id = v.id AND p.price_list_id = $1 AND p.valid @> $3
          WHERE v.product_id = $2 AND v.archived_at IS NULL
          ORDER BY v.position, v.number",
    )
    .bind(list)
    .bind(product)
    .bind(as_of)
    .fetch_all(db)
    .await
}

/// The price of a variant from `from` on, until the next dated row that is already planned: ends the row that runs
/// then. History stays. Nothing happens where it would be the same price.
pub async fn set_price(
    db: &mut PgConnection,
    list: PriceListId,
    variant: VariantId,
    amount_minor: i64,
    compare_at_minor: Option<i64>,
    from: Instant,
) -> sqlx::Result<bool> {
    let same: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM prices
                         WHERE variant_id = $1 AND price_list_id = $2 AND valid @> $3 AND amount_minor = $4 AND compare_at_minor IS NOT DISTINCT FROM $5)",
    )
    .bind(variant)
    .bind(list)
    .bind(from)
    .bind(amount_minor)
    .bind(compare_at_minor)
    .fetch_one(&mut *db)
    .await?;
    if same {
        return Ok(false);
    }
    let until: Option<Instant> =
        sqlx::query_scalar("SELECT min(lower(valid)) FROM prices WHERE variant_id = $1 AND price_list_id = $2 AND lower(valid) > $3")
            .bind(variant)
            .bind(list)
            .bind(from)
            .fetch_one(&mut *db)
            .await?;
    schedule(db, list, variant, amount_minor, compare_at_minor, from, until).await?;
    Ok(true)
}

/// A row that gives way: amount, compare-at, from, until.
type Cut = (i64, Option<i64>, Option<Instant>, Option<Instant>);

/// A price for a span of time; rows that it overlaps are cut, and go on after it where they ran longer.
pub async fn schedule(
    db: &mut PgConnection,
    list: PriceListId,
    variant: VariantId,
    amount_minor: i64,
    compare_at_minor: Option<i64>,
    from: Instant,
    until: Option<Instant>,
) -> sqlx::Result<()> {
    let overlapped: Vec<Cut> = sqlx::query_as(
        "DELETE FROM prices
          WHERE variant_id = $1 AND price_list_id = $2 AND valid && tstzrange($3, $4)
      RETURNING amount_minor, compare_at_minor, lower(valid), upper(valid)",
    )
    .bind(variant)
    .bind(list)
    .bind(from)
    .bind(until)
    .fetch_all(&mut *db)
    .await?;
    let mut rows = vec![(amount_minor, compare_at_minor, Some(from), until)];
    for (amount, compare_at, row_from, row_until) in overlapped {
        if row_from.is_none_or(|start| start < from) {
            rows.push((amount, compare_at, row_from, Some(from)));
        }
        if let Some(end) = until
            && row_until.is_none_or(|row_end| end < row_end)
        {
            rows.push((amount, compare_at, Some(end), row_until));
        }
    }
    for (amount, compare_at, row_from, row_until) in rows {
        sqlx::query("INSERT INTO prices (id, variant_id, price_list_id, amount_minor, compare_at_minor, valid) VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7))")
            .bind(PriceId::fresh(from))
            .bind(variant)
            .bind(list)
            .bind(amount)
            .bind(compare_at)
            .bind(row_from)
            .bind(row_until)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}
