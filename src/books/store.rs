//! SQL of the examination, run over the whole shop.

mod questions;

use sqlx::{PgConnection, PgExecutor, query_as, query_scalar};

use super::examine::Counts;
use crate::base::{Currency, OrderId, VariantId};
use crate::inventory;
use crate::orders::{FulfilmentStatus, OrderStatus, PaymentStatus};

pub use questions::{MONEY, ODD, PIECES, Question};

/// A stored amount that is not what it is made of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Mismatch {
    pub name: String,
    pub currency: Currency,
    pub stored: i64,
    pub found: i64,
}

/// A stored number of pieces that is not what it is made of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PieceMismatch {
    pub name: String,
    pub stored: i64,
    pub found: i64,
}

/// A level that is not the sum of its moves.
#[derive(Debug, Clone)]
pub struct LevelDifference {
    pub name: String,
    pub on_hand: i32,
    pub on_hand_moves: i32,
    pub allocated: i32,
    pub allocated_moves: i32,
}

/// The stored statuses of an order beside what they follow from.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Standing {
    pub number: String,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub fulfilment_status: FulfilmentStatus,
    pub total: i64,
    pub captured: i64,
    pub refunded: i64,
    pub is_payment_pending: bool,
    pub is_authorised: bool,
    pub wanted: i64,
    pub shipped: i64,
    pub is_delivered: bool,
}

/// Levels that are not the sum of their moves, with the names of their variants.
pub async fn levels(db: &mut PgConnection) -> sqlx::Result<Vec<LevelDifference>> {
    let differences = inventory::recompute(&mut *db).await?;
    let ids: Vec<VariantId> = differences.iter().map(|difference| difference.variant_id).collect();
    let names: Vec<(VariantId, String)> = query_as(
        "SELECT v.id, concat_ws(' ', COALESCE(t.title, 'Variant'), v.sku, '(no. ' || v.number || ')')
           FROM variants v
           LEFT JOIN LATERAL (SELECT title FROM product_texts WHERE product_id = v.product_id ORDER BY language LIMIT 1) t ON true
          WHERE v.id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let name = |id| names.iter().find(|(known, _)| *known == id).map_or_else(|| format!("Variant {id}"), |(_, name)| name.clone());
    Ok(differences
        .into_iter()
        .map(|difference| LevelDifference {
            name: name(difference.variant_id),
            on_hand: difference.on_hand,
            on_hand_moves: difference.on_hand_moves,
            allocated: difference.allocated,
            allocated_moves: difference.allocated_moves,
        })
        .collect())
}

pub async fn pieces(db: &mut PgConnection, sql: &'static str) -> sqlx::Result<Vec<PieceMismatch>> {
    query_as(sql).fetch_all(db).await
}

pub async fn money(db: &mut PgConnection, sql: &'static str) -> sqlx::Result<Vec<Mismatch>> {
    query_as(sql).fetch_all(db).await
}

pub async fn odd(db: &mut PgConnection, sql: &'static str) -> sqlx::Result<Vec<String>> {
    query_scalar(sql).fetch_all(db).await
}

/// What `orders::facts` says of one order, for all of them; an order has arrived when all its parcels have.
pub async fn standings(db: &mut PgConnection) -> sqlx::Result<Vec<Standing>> {
    query_as(
        "SELECT o.number, o.status, o.payment_status, o.fulfilment_status, o.total_minor - o.waived_minor AS total,
                COALESCE(e.captured, 0)::bigint AS captured, COALESCE(e.refunded, 0)::bigint AS refunded,
                COALESCE(p.is_pending, false) AS is_payment_pending, COALESCE(p.is_authorised, false) AS is_authorised,
                COALESCE(i.wanted, 0)::bigint AS wanted, COALESCE(i.shipped, 0)::bigint AS shipped, COALESCE(f.is_delivered, false) AS is_delivered
           FROM orders o
           LEFT JOIN (SELECT order_id, sum(amount_minor) FILTER (WHERE kind = 'captured') AS captured,
                             sum(amount_minor) FILTER (WHERE kind = 'refunded') AS refunded
                        FROM payment_events
                       GROUP BY order_id) e ON e.order_id = o.id
           LEFT JOIN (SELECT order_id, bool_or(state = 'pending') AS is_pending, bool_or(state = 'authorised') AS is_authorised
                        FROM payments
                       GROUP BY order_id) p ON p.order_id = o.id
           LEFT JOIN (SELECT order_id, sum(qty - cancelled_qty) FILTER (WHERE requires_shipping) AS wanted, sum(shipped_qty) AS shipped
                        FROM order_lines
                       GROUP BY order_id) i ON i.order_id = o.id
           LEFT JOIN (SELECT order_id, bool_and(delivered_at IS NOT NULL) AS is_delivered FROM fulfilments GROUP BY order_id) f ON f.order_id = o.id
          ORDER BY o.number",
    )
    .fetch_all(db)
    .await
}

pub async fn counts(db: &mut PgConnection) -> sqlx::Result<Counts> {
    query_as(
        "SELECT (SELECT count(*) FROM stock_levels) AS levels, (SELECT count(*) FROM stock_moves) AS moves, (SELECT count(*) FROM orders) AS orders,
                (SELECT count(*) FROM order_lines) AS order_lines, (SELECT count(*) FROM payments) AS payments,
                (SELECT count(*) FROM payment_events) AS payment_events, (SELECT count(*) FROM refunds) AS refunds,
                (SELECT count(*) FROM fulfilments) AS parcels, (SELECT count(*) FROM carts) AS carts",
    )
    .fetch_one(db)
    .await
}

/// The orders of these numbers.
pub async fn order_ids(db: impl PgExecutor<'_>, numbers: &[&str]) -> sqlx::Result<Vec<(String, OrderId)>> {
    query_as("SELECT number, id FROM orders WHERE number = ANY($1)").bind(numbers).fetch_all(db).await
}
