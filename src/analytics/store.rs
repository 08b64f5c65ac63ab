//! SQL of the dashboard. Test orders count only in a shop in test mode; what was never placed counts nowhere.

use sqlx::PgExecutor;

use crate::base::Instant;

/// The numbers of this moment.
#[derive(Debug, sqlx::FromRow)]
pub struct Now {
    pub orders_today: i64,
    pub sum_today_minor: i64,
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

/// Everything the dashboard counts, in one statement. `day_began` is midnight in the shop's zone.
pub async fn now(db: impl PgExecutor<'_>, day_began: Instant, is_test: bool, low_stock: i32) -> sqlx::Result<Now> {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM orders WHERE placed_at >= $1 AND status IN ('placed', 'closed') AND is_test = $2) AS orders_today,
                (SELECT coalesce(sum(shop_total_minor), 0)::bigint
                   FROM orders WHERE placed_at >= $1 AND status IN ('placed', 'closed') AND is_test = $2) AS sum_today_minor,
                (SELECT count(*) FROM orders
                  WHERE status = 'placed' AND payment_status IN ('paid', 'overpaid', 'part_refunded')
                    AND fulfilment_status IN ('none', 'part_shipped') AND is_test = $2) AS to_ship,
                (SELECT count(*) FROM orders
                  WHERE status IN ('pending', 'placed') AND payment_status IN ('none', 'pending', 'authorised', 'part_paid') AND is_test = $2) AS awaiting_payment,
                (SELECT count(*) FROM orders WHERE flag IS NOT NULL AND is_test = $2) AS flagged,
                count(*) FILTER (WHERE available BETWEEN 1 AND $3) AS low,
                count(*) FILTER (WHERE available <= 0) AS sold_out,
                (SELECT count(*) FROM jobs WHERE dead_at IS NOT NULL) AS dead_jobs,
                (SELECT count(*) FROM mails WHERE status = 'failed') AS failed_mails,
                (SELECT count(*) FROM mails WHERE status = 'kept') AS kept_mails,
                (SELECT count(*) FROM products WHERE status = 'active') AS products,
                (SELECT count(*) FROM pages) AS pages
           FROM (SELECT coalesce(sum(l.on_hand - l.allocated), 0) AS available
                   FROM variants v
                   JOIN products p ON p.id = v.product_id
                   LEFT JOIN stock_levels l ON l.variant_id = v.id
                  WHERE p.status = 'active' AND v.archived_at IS NULL AND v.is_tracked AND NOT v.sells_when_empty
                  GROUP BY v.id) stock",
    )
    .bind(day_began)
    .bind(is_test)
    .bind(low_stock)
    .fetch_one(db)
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
