//! The orders of an account. The page of one order is the orders room's.

use askama::Template;
use axum::extract::{Query, State};

use super::private;
use crate::app::App;
use crate::base::{Instant, Money};
use crate::orders;
use crate::orders::{FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::web::filters;
use crate::web::{Customer, Frame, PageResult};

/// Orders on one page of the list.
const PAGE: usize = 20;

/// One order of the list.
pub struct Row {
    pub number: String,
    pub placed_at: Instant,
    pub total: Money,
    /// Hashes of the first pictures.
    pub pictures: Vec<String>,
    /// Key of the words on where it stands.
    pub standing: &'static str,
    /// Key of the words on money that went back; empty where none did.
    pub money_back: &'static str,
    /// Nothing more is to come of it.
    pub is_over: bool,
}

impl From<orders::Past> for Row {
    fn from(order: orders::Past) -> Self {
        let money_back = match order.payment_status {
            PaymentStatus::PartRefunded => "customers-orders-part-refunded",
            PaymentStatus::Refunded => "customers-orders-all-refunded",
            _ => "",
        };
        Self {
            total: order.total(),
            standing: standing(&order),
            money_back,
            is_over: order.status == OrderStatus::Cancelled,
            number: order.number,
            placed_at: order.placed_at,
            pictures: order.pictures,
        }
    }
}

/// Where an order stands, in a few words.
const fn standing(order: &orders::Past) -> &'static str {
    match (order.status, order.payment_status, order.fulfilment_status) {
        (OrderStatus::Cancelled | OrderStatus::Expired, ..) => "customers-orders-cancelled",
        (OrderStatus::Pending, ..) => "customers-orders-unpaid",
        (_, _, FulfilmentStatus::Delivered) => "customers-orders-arrived",
        (_, _, FulfilmentStatus::Shipped) => "customers-orders-sent",
        (_, _, FulfilmentStatus::PartShipped) => "customers-orders-part-sent",
        (_, PaymentStatus::Refunded, _) => "customers-orders-refunded",
        (_, PaymentStatus::None | PaymentStatus::PartPaid, _) => "customers-orders-transfer",
        (_, PaymentStatus::Pending | PaymentStatus::Authorised, _) => "customers-orders-unpaid",
        _ => "customers-orders-packing",
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
