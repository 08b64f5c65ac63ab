//! SQL of the order desk: what staff look for, and what they see beside an order.

use std::collections::BTreeMap;

use sqlx::types::Json;
use sqlx::{PgExecutor, Postgres, QueryBuilder};

use crate::base::{Currency, CustomerId, Instant, Money, OrderId, StaffId};
use crate::orders::order::Consent;
use crate::orders::status::{FulfilmentStatus, OrderStatus, PaymentStatus};

/// One order in the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    pub id: OrderId,
    pub number: String,
    pub placed_at: Instant,
    pub name: String,
    pub email: String,
    pub pieces: i64,
    pub total_minor: i64,
    pub currency: Currency,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub fulfilment_status: FulfilmentStatus,
    pub is_flagged: bool,
    pub is_test: bool,
    /// It expired because its payment was refused, not because nobody paid.
    pub is_declined: bool,
}

impl Listed {
    pub const fn total(&self) -> Money {
        Money::new(self.total_minor, self.currency)
    }
}

/// Which orders somebody works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    #[default]
    All,
    /// Paid, and something is still in the house.
    ToShip,
    /// On, and the money is not there yet.
    AwaitingPayment,
    /// Something about it wants a look before it is shipped.
    Flagged,
}

/// What is looked for; an absent part restricts nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    pub view: View,
    pub status: Option<OrderStatus>,
    pub payment: Option<PaymentStatus>,
    pub fulfilment: Option<FulfilmentStatus>,
    /// Parts of number, e-mail address or name, all of which are to be found.
    pub q: &'a str,
    pub customer: Option<CustomerId>,
    /// Only what is older than this order.
    pub before: Option<OrderId>,
}

/// The newest orders that fit.
pub async fn search(db: impl PgExecutor<'_>, filter: &Filter<'_>, limit: i64) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::<Postgres>::new(
        "SELECT o.id, o.number, o.placed_at, o.shipping_address ->> 'name' AS name, o.email,
                (SELECT coalesce(sum(qty), 0)::bigint FROM order_lines WHERE order_id = o.id) AS pieces,
                o.total_minor, o.currency, o.status, o.payment_status, o.fulfilment_status, o.flag IS NOT NULL AS is_flagged, o.is_test,
                o.status = 'expired' AND EXISTS (
                    SELECT 1 FROM payments p
                     WHERE p.order_id = o.id AND p.state = 'failed'
                       AND NOT EXISTS (SELECT 1 FROM payments later WHERE later.order_id = o.id AND later.attempt > p.attempt)) AS is_declined
           FROM orders o
          WHERE ",
    );
    query.push(match filter.view {
        View::All => "true",
        View::ToShip => {
            "o.status = 'placed' AND o.fulfilment_status IN ('none', 'part_shipped') AND o.payment_status IN ('paid', 'overpaid', 'part_refunded')"
        }
        View::Flagged => "o.flag IS NOT NULL",
        View::AwaitingPayment => "o.status IN ('pending', 'placed') AND o.payment_status IN ('none', 'pending', 'authorised', 'part_paid')",
    });
    if let Some(status) = filter.status {
        query.push(" AND o.status = ").push_bind(status);
    }
    if let Some(status) = filter.payment {
        query.push(" AND o.payment_status = ").push_bind(status);
    }
    if let Some(status) = filter.fulfilment {
        query.push(" AND o.fulfilment_status = ").push_bind(status);
    }
    if let Some(customer) = filter.customer {
        query.push(" AND o.customer_id = ").push_bind(customer);
    }
    for word in filter.q.split_whitespace() {
        query
            .push(" AND folded(o.number || ' ' || o.email || ' ' || (o.shipping_address ->> 'name')) LIKE folded(")
            .push_bind(containing(word))
            .push(")");
    }
    if let Some(before) = filter.before {
        query.push(" AND (o.placed_at, o.id) < (SELECT placed_at, id FROM orders WHERE id = ").push_bind(before).push(")");
    }
    query.push(" ORDER BY o.placed_at DESC, o.id DESC LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(db).await
}

/// A `LIKE` pattern of a part, its own `%` and `_` meant as they stand.
fn containing(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// What the shopper agreed to.
pub async fn consents(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Vec<Consent>> {
    let consents: Option<Json<Vec<Consent>>> = sqlx::query_scalar("SELECT consents FROM orders WHERE id = $1").bind(order).fetch_optional(db).await?;
    Ok(consents.map(|consents| consents.0).unwrap_or_default())
}

/// The names of members of staff.
pub async fn staff_names(db: impl PgExecutor<'_>, ids: &[StaffId]) -> sqlx::Result<BTreeMap<StaffId, String>> {
    let rows: Vec<(StaffId, String)> = sqlx::query_as("SELECT id, name FROM staff WHERE id = ANY($1)").bind(ids).fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

/// What a customer ordered in one currency.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Spent {
    pub customer_id: CustomerId,
    pub currency: Currency,
    /// Orders that came about and were not cancelled.
    pub orders: i64,
    pub spent_minor: i64,
}

impl Spent {
    /// Taken and not given back.
    pub const fn spent(&self) -> Money {
        Money::new(self.spent_minor, self.currency)
    }
}

/// What customers ordered, by currency. Test orders count like others: a shop in test mode has no others.
pub async fn spent(db: impl PgExecutor<'_>, customers: &[CustomerId]) -> sqlx::Result<Vec<Spent>> {
    sqlx::query_as(
        "SELECT o.customer_id, o.currency, count(*) FILTER (WHERE o.status IN ('placed', 'closed')) AS orders,
                coalesce(sum(m.taken), 0)::bigint AS spent_minor
           FROM orders o
           LEFT JOIN LATERAL (SELECT sum(CASE kind WHEN 'captured' THEN amount_minor WHEN 'refunded' THEN -amount_minor ELSE 0 END) AS taken
                                FROM payment_events
                               WHERE order_id = o.id) m ON true
          WHERE o.customer_id = ANY($1) AND o.status <> 'expired'
          GROUP BY o.customer_id, o.currency
          ORDER BY o.customer_id, o.currency",
    )
    .bind(customers)
    .fetch_all(db)
    .await
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn a_part_is_meant_as_typed() {
        assert_eq!(containing("50%_A\\"), "%50\\%\\_A\\\\%");
    }
}
