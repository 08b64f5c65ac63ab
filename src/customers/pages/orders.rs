//! The orders of an account. The page of one order is the orders room's.

use askama::Template;
use axum::extract::{Query, State};

use super::private;
use crate::app::App;
use crate::base::{Instant, Money};
use crate::orders;
use crate::web::filters;
use crate::web::{Customer, Frame, PageResult};

/// Orders on one page of the list.
const PAGE: usize = 20;

/// One line of the list, its statuses as keys of words.
pub struct Row {
    pub number: String,
    pub placed_at: Instant,
    pub total: Money,
    pub status: &'static str,
    pub payment: &'static str,
    pub fulfilment: &'static str,
}

impl From<orders::Past> for Row {
    fn from(order: orders::Past) -> Self {
        let total = order.total();
        let is_over = order.status == "cancelled";
        Self {
            status: match order.status.as_str() {
                "pending" => "customers-orders-status-pending",
                "closed" => "customers-orders-status-closed",
                "cancelled" => "customers-orders-status-cancelled",
                _ => "customers-orders-status-placed",
            },
            payment: match order.payment_status.as_str() {
                "none" => "customers-orders-payment-none",
                "authorised" => "customers-orders-payment-authorised",
                "part_paid" => "customers-orders-payment-part-paid",
                "paid" | "overpaid" => "customers-orders-payment-paid",
                "part_refunded" => "customers-orders-payment-part-refunded",
                "refunded" => "customers-orders-payment-refunded",
                _ => "customers-orders-payment-pending",
            },
            fulfilment: match order.fulfilment_status.as_str() {
                "part_shipped" => "customers-orders-fulfilment-part-shipped",
                "shipped" => "customers-orders-fulfilment-shipped",
                "delivered" => "customers-orders-fulfilment-delivered",
                _ if is_over => "customers-orders-fulfilment-cancelled",
                _ => "customers-orders-fulfilment-none",
            },
            number: order.number,
            placed_at: order.placed_at,
            total,
        }
    }
}

#[derive(serde::Deserialize)]
pub struct Asked {
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "customers/orders.html")]
struct Page {
    orders: Vec<Row>,
    /// Number of the last order shown, where older ones follow.
    older: Option<String>,
    is_first: bool,
}

/// GET /account/orders
pub async fn index(State(app): State<App>, frame: Frame, Customer(customer): Customer, Query(asked): Query<Asked>) -> PageResult {
    let before = asked.before.as_deref().filter(|number| !number.is_empty() && number.len() <= 40 && !number.contains('\0'));
    // One more than is shown tells whether there is another page.
    let most = i64::try_from(PAGE + 1).expect("a page is short");
    let mut orders: Vec<Row> = orders::of_customer(&app.db, customer.id, before, most).await?.into_iter().map(Row::from).collect();
    let has_more = orders.len() > PAGE;
    orders.truncate(PAGE);
    let older = orders.last().filter(|_| has_more).map(|order| order.number.clone());
    frame.page(private(&frame, "customers-orders-title"), Page { orders, older, is_first: before.is_none() })
}
