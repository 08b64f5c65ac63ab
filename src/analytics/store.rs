//! SQL of the dashboard. Test orders count only in a shop in test mode; what was never placed counts nowhere.

use sqlx::PgExecutor;

use crate::base::{Instant, Language, ProductId, VariantId};

/// The numbers of this moment.
#[derive(Debug, sqlx::FromRow)]
pub struct Now {
    pub orders_today: i64,
    pub sum_today_minor: i64,
    /// A week before, until the same hour.
    pub orders_before: i64,
    pub sum_before_minor: i64,
    pub to_ship: i64,
    pub awaiting_payment: i64,
    pub flagged: i64,
    pub low: i64,
    pub sold_out: i64,
    pub dead_jobs: i64,
    pub failed_mails: i64,
    pub kept_mails: i64,
    /// Products that are shown.
    pub products: i64,
    /// Pages that the merchant wrote.
    pub pages: i64,
}

/// Everything the dashboard counts, in one statement. `day_began` is midnight in the shop's zone; `before` are the midnight and the hour of
/// a week ago.
pub async fn now(db: impl PgExecutor<'_>, day_began: Instant, before: (Instant, Instant), is_test: bool, low_stock: i32) -> sqlx::Result<Now> {
    sqlx::query_as(
        "SELECT sold.*, stock.*,
                (SELECT count(*) FROM orders
                  WHERE status = 'placed' AND payment_status IN ('paid', 'overpaid', 'part_refunded')
                    AND fulfilment_status IN ('none', 'part_shipped') AND is_test = $2) AS to_ship,
                (SELECT count(*) FROM orders
                  WHERE status IN ('pending', 'placed') AND payment_status IN ('none', 'pending', 'authorised', 'part_paid') AND is_test = $2) AS awaiting_payment,
                (SELECT count(*) FROM orders WHERE flag IS NOT NULL AND is_test = $2) AS flagged,
                (SELECT count(*) FROM jobs WHERE dead_at IS NOT NULL) AS dead_jobs,
                (SELECT count(*) FROM mails WHERE status = 'failed') AS failed_mails,
                (SELECT count(*) FROM mails WHERE status = 'kept') AS kept_mails,
                (SELECT count(*) FROM products WHERE status = 'active') AS products,
                (SELECT count(*) FROM pages WHERE NOT is_draft) AS pages
           FROM (SELECT count(*) FILTER (WHERE placed_at >= $1) AS orders_today,
                        coalesce(sum(shop_total_minor) FILTER (WHERE placed_at >= $1), 0)::bigint AS sum_today_minor,
                        count(*) FILTER (WHERE placed_at < $5) AS orders_before,
                        coalesce(sum(shop_total_minor) FILTER (WHERE placed_at < $5), 0)::bigint AS sum_before_minor
                   FROM orders
                  WHERE placed_at >= $4 AND status IN ('placed', 'closed') AND is_test = $2) sold,
                (SELECT count(*) FILTER (WHERE available BETWEEN 1 AND $3) AS low, count(*) FILTER (WHERE available <= 0) AS sold_out
                   FROM (SELECT coalesce(sum(l.on_hand - l.allocated), 0) AS available
                           FROM variants v
                           JOIN products p ON p.id = v.product_id
                           LEFT JOIN stock_levels l ON l.variant_id = v.id
                          WHERE p.status = 'active' AND v.archived_at IS NULL AND v.is_tracked AND NOT v.sells_when_empty
                          GROUP BY v.id) level) stock",
    )
    .bind(day_began)
    .bind(is_test)
    .bind(low_stock)
    .bind(before.0)
    .bind(before.1)
    .fetch_one(db)
    .await
}

/// A variant of which little or nothing is left.
#[derive(Debug, sqlx::FromRow)]
pub struct Low {
    pub id: VariantId,
    pub title: String,
    pub values: Vec<String>,
    pub available: i64,
}

impl Low {
    pub const fn is_out(&self) -> bool {
        self.available <= 0
    }
}

/// Counted variants on sale of which `low_stock` or fewer can be sold, the emptiest first.
pub async fn running_low(db: impl PgExecutor<'_>, language: Language, low_stock: i32, limit: i64) -> sqlx::Result<Vec<Low>> {
    sqlx::query_as(
        "SELECT v.id, coalesce((SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language <> $1, language LIMIT 1), '–') AS title,
                v.values, coalesce(sum(l.on_hand - l.allocated), 0)::bigint AS available
           FROM variants v
           JOIN products p ON p.id = v.product_id
           LEFT JOIN stock_levels l ON l.variant_id = v.id
          WHERE p.status = 'active' AND v.archived_at IS NULL AND v.is_tracked AND NOT v.sells_when_empty
          GROUP BY v.id, p.id
         HAVING coalesce(sum(l.on_hand - l.allocated), 0) <= $2
          ORDER BY available, title, v.position
          LIMIT $3",
    )
    .bind(language)
    .bind(low_stock)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// What sold well.
#[derive(Debug, sqlx::FromRow)]
pub struct Best {
    pub product_id: Option<ProductId>,
    /// As it was called when it was last sold.
    pub title: String,
    pub pieces: i64,
    /// In the shop's currency.
    pub sum_minor: i64,
}

/// What most was taken with since `from`; pieces that were cancelled were not sold.
pub async fn best(db: impl PgExecutor<'_>, from: Instant, is_test: bool, limit: i64) -> sqlx::Result<Vec<Best>> {
    sqlx::query_as(
        "SELECT l.product_id, (array_agg(l.title ORDER BY o.placed_at DESC))[1] AS title, sum(l.qty - l.cancelled_qty)::bigint AS pieces,
                round(sum(l.gross_minor::numeric * (l.qty - l.cancelled_qty) / l.qty * o.shop_total_minor / greatest(o.total_minor, 1)))::bigint AS sum_minor
           FROM orders o
           JOIN order_lines l ON l.order_id = o.id
          WHERE o.placed_at >= $1 AND o.status IN ('placed', 'closed') AND o.is_test = $2 AND l.qty > l.cancelled_qty
          GROUP BY l.product_id, CASE WHEN l.product_id IS NULL THEN l.title END
          ORDER BY sum_minor DESC, pieces DESC, title
          LIMIT $3",
    )
    .bind(from)
    .bind(is_test)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// (day as `2026-11-25`, orders, sum in shop currency) since `from`, by the wall clock of `zone`; days without orders are missing.
pub async fn days(db: impl PgExecutor<'_>, from: Instant, zone: &str, is_test: bool) -> sqlx::Result<Vec<(String, i64, i64)>> {
    sqlx::query_as(
        "SELECT to_char(placed_at AT TIME ZONE $2, 'YYYY-MM-DD') AS day, count(*), sum(shop_total_minor)::bigint
           FROM orders
          WHERE placed_at >= $1 AND status IN ('placed', 'closed') AND is_test = $3
          GROUP BY day
          ORDER BY day",
    )
    .bind(from)
    .bind(zone)
    .bind(is_test)
    .fetch_all(db)
    .await
}

/// Whether anything was ever ordered: from then on the shop's currency is fixed.
pub async fn has_orders(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders)").fetch_one(db).await
}
