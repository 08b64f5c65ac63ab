//! The order as its shopper sees it: behind an unguessable link, or in the account that it belongs to.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use super::order::{Line, Order};
use super::status::{FulfilmentStatus, OrderStatus, PaymentStatus};
use super::{settle, store};
use crate::app::App;
use crate::base::{Money, OrderId};
use crate::fulfillment;
use crate::fulfillment::Fulfilment;
use crate::markets::BankAccount;
use crate::payments;
use crate::payments::{Method, Refund};
use crate::platform::tokens;
use crate::platform::tokens::Purpose;
use crate::web::headers::Policy;
use crate::web::{AppError, Customer, Frame, Meta, PageResult, filters};

/// Seconds between two questions about a payment that somebody waits for.
const ASKED_EVERY: i64 = 8;

pub fn routes() -> Router<App> {
    Router::new().route("/orders/{token}", get(show)).route("/account/orders/{number}", get(show_own))
}

#[derive(Template)]
#[template(path = "orders/order.html")]
struct OrderPage {
    order: Order,
    lines: Vec<Line>,
    parcels: Vec<Fulfilment>,
    refunds: Vec<Refund>,
    bank: BankAccount,
    transfer_days: i64,
    /// What a transfer is to bring.
    due: Money,
    /// Keys of the sentences that tell where it stands.
    headline: &'static str,
    explanation: &'static str,
}

impl OrderPage {
    fn shown(&self, line: &Line) -> Money {
        self.order
            .quote
            .lines
            .iter()
            .find(|quoted| Some(quoted.variant) == line.variant_id)
            .map_or_else(|| self.order.money(line.gross_minor), |quoted| quoted.shown)
    }

    fn unit(&self, line: &Line) -> Money {
        self.order.money(line.unit_minor)
    }

    /// Is something still to come?
    fn goes_on(&self) -> bool {
        matches!(self.order.status, OrderStatus::Pending | OrderStatus::Placed) && self.order.fulfilment_status != FulfilmentStatus::Delivered
    }

    /// Has something not left yet?
    fn waits_to_leave(&self) -> bool {
        self.order.fulfilment_status != FulfilmentStatus::Shipped
    }

    fn is_transfer_due(&self) -> bool {
        self.order.payment_method == Method::BankTransfer
            && self.order.status == OrderStatus::Placed
            && matches!(self.order.payment_status, PaymentStatus::None | PaymentStatus::PartPaid)
    }
}

async fn show(State(app): State<App>, frame: Frame, Path(token): Path<String>) -> PageResult {
    let (owner, _) = tokens::find(&app.db, Purpose::Order, &token, frame.as_of).await?.ok_or(AppError::NotFound)?;
    let order = store::find(&app.db, OrderId::from_uuid(owner)).await?.ok_or(AppError::NotFound)?;
    page(&app, &frame, order, true).await
}

async fn show_own(State(app): State<App>, frame: Frame, Customer(customer): Customer, Path(number): Path<String>) -> PageResult {
    let order = store::find_by_number(&app.db, &number).await?.filter(|order| order.customer_id == Some(customer.id)).ok_or(AppError::NotFound)?;
    page(&app, &frame, order, false).await
}

async fn page(app: &App, frame: &Frame, mut order: Order, hides_address: bool) -> PageResult {
    // Somebody waits for this very payment: it is asked about now, but not each time that the page is loaded (T33).
    if order.status == OrderStatus::Pending {
        let asked = payments::latest(&app.db, order.id).await?.map(|payment| payment.updated_at);
        if asked.is_none_or(|asked| asked.plus_seconds(ASKED_EVERY) <= frame.as_of) {
            settle::ask(&app.db, &app.providers(), &order, app.now()).await?;
            app.changed().await;
            app.enqueued();
            order = store::find(&app.db, order.id).await?.ok_or(AppError::NotFound)?;
        }
    }
    let rules = app.rules();
    let (headline, explanation) = words(&order);
    let waits = order.status == OrderStatus::Pending || order.payment_status == PaymentStatus::Pending;
    let page = OrderPage {
        lines: store::lines(&app.db, order.id).await?,
        parcels: fulfillment::list(&app.db, order.id).await?,
        refunds: payments::list_refunds(&app.db, order.id).await?,
        bank: rules.shop.bank.clone(),
        transfer_days: rules.shop.transfer_days,
        due: order.money(store::facts(&app.db, order.id).await?.missing()),
        headline,
        explanation,
        order,
    };
    let title = crate::web::words::text(frame.site.language, "orders-show-title", &[("number", page.order.number.clone().into())]);
    let meta = Meta {
        title,
        is_private: true,
        policy: Policy { form_action: None, hides_address },
        refresh_seconds: waits.then_some(10),
        ..Meta::default()
    };
    frame.page(meta, page)
}

/// Where an order stands, in one line and one sentence.
const fn words(order: &Order) -> (&'static str, &'static str) {
    match (order.status, order.payment_status, order.fulfilment_status) {
        (OrderStatus::Cancelled, PaymentStatus::None, _) => ("orders-state-cancelled", "orders-text-cancelled-unpaid"),
        (OrderStatus::Cancelled, ..) => ("orders-state-cancelled", "orders-text-cancelled"),
        (OrderStatus::Expired, ..) => ("orders-state-expired", "orders-text-expired"),
        (OrderStatus::Pending, PaymentStatus::Pending, _) => ("orders-state-payment-pending", "orders-text-payment-pending"),
        (OrderStatus::Pending, ..) => ("orders-state-checking", "orders-text-checking"),
        (_, _, FulfilmentStatus::Delivered) => ("orders-state-delivered", "orders-text-delivered"),
        (_, _, FulfilmentStatus::Shipped) => ("orders-state-shipped", "orders-text-shipped"),
        (_, _, FulfilmentStatus::PartShipped) => ("orders-state-part-shipped", "orders-text-part-shipped"),
        (OrderStatus::Closed, PaymentStatus::PartRefunded | PaymentStatus::Refunded, _) => ("orders-state-refunded", "orders-text-refunded"),
        (_, PaymentStatus::None, _) => ("orders-state-placed", "orders-text-transfer"),
        (_, PaymentStatus::PartPaid, _) => ("orders-state-part-paid", "orders-text-part-paid"),
        _ => ("orders-state-placed", "orders-text-placed"),
    }
}
