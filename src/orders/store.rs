//! SQL of the orders.

pub mod desk;

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::order::{Line, Order};
use super::status::{Facts, FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::base::{Actor, Address, CartId, CustomerId, Instant, OrderId, OrderLineId};

/// One entry of the timeline.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Event {
    pub at: Instant,
    pub kind: String,
    pub actor: String,
    pub data: serde_json::Value,
}

macro_rules! order_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, cart_id, market_id, language, customer_id, email, shipping_address, billing_address, status, payment_status,
                    fulfilment_status, payment_method, delivery_method, currency, items_minor, delivery_minor, tax_minor, total_minor, quote, note,
                    is_test, flag, stock_held, placed_at, paid_at, cancelled_at, version
               FROM orders ",
            $rest
        )
    };
}

pub async fn find(db: impl PgExecutor<'_>, id: OrderId) -> sqlx::Result<Option<Order>> {
    sqlx::query_as(order_columns!("WHERE id = $1")).bind(id).fetch_optional(db).await
}

/// The first lock of every verb that changes an order.
pub async fn lock(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Order>> {
    sqlx::query_as(order_columns!("WHERE id = $1 FOR UPDATE")).bind(id).fetch_optional(db).await
}

pub async fn find_by_number(db: impl PgExecutor<'_>, number: &str) -> sqlx::Result<Option<Order>> {
    sqlx::query_as(order_columns!("WHERE number = $1")).bind(number).fetch_optional(db).await
}

/// The live order that a cart became.
pub async fn of_cart(db: impl PgExecutor<'_>, cart: CartId) -> sqlx::Result<Option<Order>> {
    sqlx::query_as(order_columns!("WHERE cart_id = $1 AND status <> 'expired'")).bind(cart).fetch_optional(db).await
}

pub async fn lines(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as(
        "SELECT id, position, variant_id, product_id, handle, title, variant_title, sku, picture, qty, unit_minor, net_minor, tax_minor, gross_minor,
                tax_class, tax_percent, tax_country, weight_grams, requires_shipping, is_tracked, hs_code, origin_country, cost_minor, cancelled_qty,
                shipped_qty, refunded_qty
           FROM order_lines
          WHERE order_id = $1
          ORDER BY position",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

/// Writes a new order with its lines, taxes and first event in one statement, and gives its number: `prefix` and the next of
/// the sequence, whose gaps are fine. `None`, and nothing is written, where the rules are no longer those of `rules_version`.
pub async fn insert(
    db: &mut PgConnection,
    order: &Order,
    lines: &[Line],
    (prefix, rules_version): (&str, i64),
    consents: &serde_json::Value,
    actor: Actor,
) -> sqlx::Result<Option<String>> {
    let day = order.placed_at.in_zone("UTC").strftime("%Y-%m-%d").to_string();
    let mut query = sqlx::QueryBuilder::new(
        "WITH placed AS (
             INSERT INTO orders (id, number, cart_id, market_id, language, customer_id, email, email_key, shipping_address, billing_address, status,
                                 payment_status, fulfilment_status, payment_method, delivery_method, currency, items_minor, delivery_minor, tax_minor,
                                 total_minor, shop_currency, shop_total_minor, shop_tax_minor, fx_date, quote, rules_version, consents, note, is_test,
                                 placed_at)
             SELECT ",
    );
    let mut row = query.separated(", ");
    row.push_bind(order.id);
    row.push_bind(prefix).push_unseparated(" || nextval('order_numbers')");
    row.push_bind(order.cart_id).push_bind(order.market_id).push_bind(order.language).push_bind(order.customer_id);
    row.push_bind(order.email.as_str()).push_bind(order.email.key());
    row.push_bind(&order.shipping_address).push_bind(&order.billing_address);
    row.push_bind(order.status).push_bind(order.payment_status).push_bind(FulfilmentStatus::None).push_bind(order.payment_method);
    row.push_bind(&order.delivery_method).push_bind(order.currency);
    row.push_bind(order.items_minor).push_bind(order.delivery_minor).push_bind(order.tax_minor).push_bind(order.total_minor);
    // The shop's own currency is the order's, as long as there is one only.
    row.push_bind(order.currency).push_bind(order.total_minor).push_bind(order.tax_minor);
    row.push_bind(day).push_unseparated("::date");
    row.push_bind(&order.quote).push_bind(rules_version).push_bind(Json(consents)).push_bind(&order.note).push_bind(order.is_test);
    row.push_bind(order.placed_at);
    query.push(" FROM rules_version WHERE version = ").push_bind(rules_version).push(
        " RETURNING id, number),
         lined AS (
             INSERT INTO order_lines (order_id, id, position, variant_id, product_id, handle, title, variant_title, sku, picture, qty, unit_minor, net_minor,
                                      tax_minor, gross_minor, tax_class, tax_percent, tax_country, weight_grams, requires_shipping, is_tracked, hs_code,
                                      origin_country, cost_minor)
             SELECT placed.id, line.* FROM placed, (",
    );
    push_lines(&mut query, lines);
    query.push(") AS line)");
    if !order.quote.taxes.is_empty() {
        query.push(
            ",
         taxed AS (
             INSERT INTO order_taxes (order_id, class, country, percent, net_minor, tax_minor)
             SELECT placed.id, tax.* FROM placed, (",
        );
        query.push_values(&order.quote.taxes, |mut row, tax| {
            row.push_bind(&tax.class).push_bind(tax.country).push_bind(tax.rate).push_bind(tax.net.minor()).push_bind(tax.tax.minor());
        });
        query.push(") AS tax)");
    }
    query.push(
        ",
         told AS (
             INSERT INTO order_events (order_id, at, kind, actor, data) SELECT placed.id, ",
    );
    let told = serde_json::json!({ "total": order.total().plain(), "currency": order.currency });
    query.push_bind(order.placed_at).push(", 'created', ").push_bind(actor.to_string()).push(", ").push_bind(told);
    query.push(" FROM placed) SELECT number FROM placed");
    query.build_query_scalar().fetch_optional(db).await
}

fn push_lines(query: &mut sqlx::QueryBuilder<sqlx::Postgres>, lines: &[Line]) {
    query.push_values(lines, |mut row, line| {
        row.push_bind(line.id)
            .push_bind(line.position)
            .push_bind(line.variant_id)
            .push_bind(line.product_id)
            .push_bind(&line.handle)
            .push_bind(&line.title)
            .push_bind(&line.variant_title)
            .push_bind(&line.sku)
            .push_bind(&line.picture)
            .push_bind(line.qty)
            .push_bind(line.unit_minor)
            .push_bind(line.net_minor)
            .push_bind(line.tax_minor)
            .push_bind(line.gross_minor)
            .push_bind(&line.tax_class)
            .push_bind(line.tax_percent)
            .push_bind(line.tax_country)
            .push_bind(line.weight_grams)
            .push_bind(line.requires_shipping)
            .push_bind(line.is_tracked)
            .push_bind(&line.hs_code)
            .push_bind(&line.origin_country)
            .push_bind(line.cost_minor);
    });
}

/// Where the last order of an account went.
pub async fn last_address(db: impl PgExecutor<'_>, customer: CustomerId) -> sqlx::Result<Option<Address>> {
    let found: Option<Json<Address>> =
        sqlx::query_scalar("SELECT shipping_address FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT 1")
            .bind(customer)
            .fetch_optional(db)
            .await?;
    Ok(found.map(|address| address.0))
}

/// Writes the timeline, in the transaction of the change itself.
pub async fn append_event(
    db: impl PgExecutor<'_>,
    order: OrderId,
    kind: &str,
    actor: Actor,
    data: serde_json::Value,
    at: Instant,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO order_events (order_id, at, kind, actor, data) VALUES ($1, $2, $3, $4, $5)")
        .bind(order)
        .bind(at)
        .bind(kind)
        .bind(actor.to_string())
        .bind(data)
        .execute(db)
        .await
        .map(drop)
}

pub async fn events(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as("SELECT at, kind, actor, data FROM order_events WHERE order_id = $1 ORDER BY id").bind(order).fetch_all(db).await
}

/// What the ledgers say of an order. All parcels have arrived when the timeline notes as many arrivals as departures:
/// the parcels themselves belong to the room above.
pub async fn facts(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Facts> {
    let row: (i64, i64, i64, bool, bool, i64, i64, bool) = sqlx::query_as(
        "SELECT o.total_minor - o.waived_minor,
                coalesce((SELECT sum(amount_minor) FROM payment_events WHERE order_id = o.id AND kind = 'captured'), 0)::bigint,
                coalesce((SELECT sum(amount_minor) FROM payment_events WHERE order_id = o.id AND kind = 'refunded'), 0)::bigint,
                EXISTS (SELECT 1 FROM payments WHERE order_id = o.id AND state = 'pending'),
                EXISTS (SELECT 1 FROM payments WHERE order_id = o.id AND state = 'authorised'),
                coalesce((SELECT sum(qty - cancelled_qty) FROM order_lines WHERE order_id = o.id AND requires_shipping), 0)::bigint,
                coalesce((SELECT sum(shipped_qty) FROM order_lines WHERE order_id = o.id), 0)::bigint,
                (SELECT count(*) FILTER (WHERE kind = 'delivered') >= count(*) FILTER (WHERE kind = 'shipped') AND bool_or(kind = 'delivered') IS TRUE
                   FROM order_events WHERE order_id = o.id)
           FROM orders o
          WHERE o.id = $1",
    )
    .bind(order)
    .fetch_one(db)
    .await?;
    let (total, captured, refunded, is_payment_pending, is_authorised, wanted, shipped, is_delivered) = row;
    Ok(Facts { total, captured, refunded, is_payment_pending, is_authorised, wanted, shipped, is_delivered })
}

/// Stores the derived statuses.
pub async fn set_statuses(
    db: impl PgExecutor<'_>,
    order: OrderId,
    status: OrderStatus,
    payment: PaymentStatus,
    fulfilment: FulfilmentStatus,
    paid_at: Option<Instant>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE orders
            SET status = $2, payment_status = $3, fulfilment_status = $4, paid_at = coalesce(paid_at, $5), version = version + 1
          WHERE id = $1",
    )
    .bind(order)
    .bind(status)
    .bind(payment)
    .bind(fulfilment)
    .bind(paid_at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn set_cancelled(db: impl PgExecutor<'_>, order: OrderId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE orders SET cancelled_at = $2 WHERE id = $1").bind(order).bind(at).execute(db).await.map(drop)
}

/// A sentence that staff must see; the first one stays.
pub async fn set_flag(db: impl PgExecutor<'_>, order: OrderId, flag: Option<&str>) -> sqlx::Result<()> {
    sqlx::query("UPDATE orders SET flag = $2 WHERE id = $1").bind(order).bind(flag).execute(db).await.map(drop)
}

/// So much more of the order's total will not be asked for.
pub async fn waive(db: impl PgExecutor<'_>, order: OrderId, minor: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE orders SET waived_minor = waived_minor + $2 WHERE id = $1").bind(order).bind(minor).execute(db).await.map(drop)
}

pub async fn set_stock_held(db: impl PgExecutor<'_>, order: OrderId, is_held: bool) -> sqlx::Result<()> {
    sqlx::query("UPDATE orders SET stock_held = $2 WHERE id = $1").bind(order).bind(is_held).execute(db).await.map(drop)
}

pub async fn add_cancelled(db: impl PgExecutor<'_>, line: OrderLineId, qty: i32) -> sqlx::Result<()> {
    sqlx::query("UPDATE order_lines SET cancelled_qty = cancelled_qty + $2 WHERE id = $1").bind(line).bind(qty).execute(db).await.map(drop)
}

pub async fn add_refunded(db: impl PgExecutor<'_>, line: OrderLineId, qty: i32) -> sqlx::Result<()> {
    sqlx::query("UPDATE order_lines SET refunded_qty = refunded_qty + $2 WHERE id = $1").bind(line).bind(qty).execute(db).await.map(drop)
}

/// Counts shipped pieces up; false where that many were not open.
pub async fn add_shipped(db: impl PgExecutor<'_>, order: OrderId, line: OrderLineId, qty: i32) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE order_lines SET shipped_qty = shipped_qty + $3 WHERE id = $2 AND order_id = $1 AND qty - cancelled_qty - shipped_qty >= $3",
    )
    .bind(order)
    .bind(line)
    .bind(qty)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
