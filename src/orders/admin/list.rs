//! The list of orders: what is to do first, and a search for the rest.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::app::App;
use crate::base::OrderId;
use crate::orders::status::{FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::orders::store::desk::{self, Filter, Listed, View};
use crate::staff::{Orders, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{Fields, PageResult, filters};

/// Orders on one page.
const PAGE: usize = 50;
/// Longest search, in characters.
const QUERY: usize = 100;

const STATUSES: [OrderStatus; 5] = [OrderStatus::Pending, OrderStatus::Placed, OrderStatus::Closed, OrderStatus::Cancelled, OrderStatus::Expired];
const PAYMENTS: [PaymentStatus; 8] = [
    PaymentStatus::None,
    PaymentStatus::Pending,
    PaymentStatus::Authorised,
    PaymentStatus::PartPaid,
    PaymentStatus::Paid,
    PaymentStatus::Overpaid,
    PaymentStatus::PartRefunded,
    PaymentStatus::Refunded,
];
const FULFILMENTS: [FulfilmentStatus; 4] =
    [FulfilmentStatus::None, FulfilmentStatus::PartShipped, FulfilmentStatus::Shipped, FulfilmentStatus::Delivered];
/// (code in the address, title, what it holds)
const VIEWS: [(&str, &str, View); 4] = [
    ("to-ship", "To ship", View::ToShip),
    ("awaiting-payment", "Awaiting payment", View::AwaitingPayment),
    ("flagged", "To look at", View::Flagged),
    ("all", "All", View::All),
];

#[derive(Template)]
#[template(path = "orders/admin/list.html")]
struct List {
    orders: Vec<Listed>,
    view: &'static str,
    status: Option<OrderStatus>,
    payment: Option<PaymentStatus>,
    fulfilment: Option<FulfilmentStatus>,
    q: String,
    /// Address of the next page.
    older: Option<String>,
    is_first: bool,
    /// The whole shop is in test mode: then no order needs to say so of itself.
    frame_says_test: bool,
}

impl List {
    fn is_here(&self, code: &str) -> bool {
        self.view == code
    }

    fn is_filtered(&self) -> bool {
        self.status.is_some() || self.payment.is_some() || self.fulfilment.is_some() || !self.q.is_empty()
    }
}

pub async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, RawQuery(query): RawQuery) -> PageResult {
    let fields = Fields(form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect());
    let (code, _, view) = VIEWS.into_iter().find(|(code, ..)| *code == fields.get("view")).unwrap_or(VIEWS[3]);
    let q: String = fields.get("q").replace('\0', "").chars().take(QUERY).collect();
    let before: Option<OrderId> = fields.get("before").parse().ok();
    let filter = Filter {
        view,
        status: OrderStatus::parse(fields.get("status")),
        payment: PaymentStatus::parse(fields.get("payment")),
        fulfilment: FulfilmentStatus::parse(fields.get("fulfilment")),
        q: &q,
        customer: None,
        before,
    };
    let mut orders = desk::search(&app.db, &filter, i64::try_from(PAGE).unwrap_or_default() + 1).await?;
    let has_more = orders.len() > PAGE;
    orders.truncate(PAGE);
    let older = orders.last().filter(|_| has_more).map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("view", code);
        for name in ["status", "payment", "fulfilment", "q"] {
            if !fields.get(name).is_empty() {
                query.append_pair(name, fields.get(name));
            }
        }
        format!("/admin/orders?{}", query.append_pair("before", &last.id.to_string()).finish())
    });
    let page = List {
        orders,
        view: code,
        status: filter.status,
        payment: filter.payment,
        fulfilment: filter.fulfilment,
        q: q.clone(),
        older,
        is_first: before.is_none(),
        frame_says_test: frame.site.is_test,
    };
    frame.page("Orders", page)
}
