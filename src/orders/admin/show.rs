//! One order and everything that is known of it, with the forms to act on it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::timeline::{Entry, staff_in, who};
use super::typed::Typed;
use super::{order_id, path};
use crate::app::App;
use crate::base::{Language, Money, OrderId};
use crate::fulfillment;
use crate::fulfillment::Fulfilment;
use crate::orders::order::{Consent, Line, Order};
use crate::orders::status::{FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::orders::store::{self, desk};
use crate::orders::transfer::awaited;
use crate::orders::{cancel, refund};
use crate::payments;
use crate::payments::{Method, Payment, Receipt, Refund, State as Attempt};
use crate::staff::{Orders, Refunds, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, PageResult, filters};

#[derive(Template)]
#[template(path = "orders/admin/show.html")]
struct Desk {
    order: Order,
    lines: Vec<Line>,
    payments: Vec<Payment>,
    /// With the name of who asked for it.
    refunds: Vec<(Refund, String)>,
    /// With what is inside.
    parcels: Vec<(Fulfilment, Vec<(i32, String)>)>,
    timeline: Vec<Entry>,
    consents: Vec<Consent>,
    /// What can still be given back.
    left: Money,
    /// Money that arrived, with the name of who booked it.
    receipts: Vec<(Receipt, String)>,
    /// What has not arrived, and what came on top.
    missing: Money,
    over: Money,
    may_refund: bool,
    typed: Typed,
}

/// What this member of staff is refused when money is to move; `Ok` where they may.
pub type MayRefund = Result<Staff<Refunds>, AppError>;

pub async fn show(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, money: MayRefund, Path(id): Path<String>) -> PageResult {
    page(&app, &frame, order_id(&id)?, StatusCode::OK, money.is_ok(), Typed::default()).await
}

/// A form's own address leads back to the order.
pub async fn back(_: Staff<Orders>, Path(id): Path<String>) -> Result<Response, AppError> {
    Ok(Redirect::to(&path(order_id(&id)?)).into_response())
}

/// The page again, with what was typed and why it was refused.
pub async fn refused(app: &App, frame: &AdminFrame, order: OrderId, may_refund: bool, typed: Typed) -> PageResult {
    page(app, frame, order, StatusCode::UNPROCESSABLE_ENTITY, may_refund, typed).await
}

/// The page again, with a question before anything is done.
pub async fn asked(app: &App, frame: &AdminFrame, order: OrderId, may_refund: bool, typed: Typed) -> PageResult {
    page(app, frame, order, StatusCode::OK, may_refund, typed).await
}

async fn page(app: &App, frame: &AdminFrame, id: OrderId, status: StatusCode, may_refund: bool, typed: Typed) -> PageResult {
    let mut db = app.db.acquire().await?;
    let order = store::find(&mut *db, id).await?.ok_or(AppError::NotFound)?;
    let lines = store::lines(&mut *db, id).await?;
    let events = store::events(&mut *db, id).await?;
    let refunds = payments::list_refunds(&mut *db, id).await?;
    let receipts = payments::receipts(&mut *db, id).await?;
    let facts = store::facts(&mut *db, id).await?;
    let actors = events.iter().map(|event| event.actor.as_str());
    let actors = actors.chain(refunds.iter().map(|refund| refund.actor.as_str())).chain(receipts.iter().map(|receipt| receipt.actor.as_str()));
    let names = desk::staff_names(&mut *db, &staff_in(actors)).await?;
    let inside = fulfillment::lines(&mut *db, id).await?;
    let titles: BTreeMap<_, _> = lines.iter().map(|line| (line.id, line.full_title())).collect();
    let parcels = fulfillment::list(&mut *db, id).await?.into_iter().map(|parcel| {
        let mine = inside.iter().filter(|line| line.fulfilment_id == parcel.id);
        let mine = mine.filter_map(|line| Some((line.qty, titles.get(&line.order_line_id)?.clone()))).collect();
        (parcel, mine)
    });
    let page = Desk {
        parcels: parcels.collect(),
        payments: payments::of_order(&mut *db, id).await?,
        refunds: refunds.into_iter().map(|refund| (refund.clone(), who(&refund.actor, &names))).collect(),
        timeline: events.iter().rev().map(|event| Entry::new(event, &names)).collect(),
        consents: desk::consents(&mut *db, id).await?,
        left: refund::refundable(&mut db, &order).await?,
        receipts: receipts.into_iter().map(|receipt| (receipt.clone(), who(&receipt.actor, &names))).collect(),
        missing: awaited(&order, &facts),
        over: order.money((facts.captured - facts.refunded - facts.total).max(0)),
        lines,
        order,
        may_refund,
        typed,
    };
    let title = format!("Order {}", page.order.number);
    frame.page_with(status, &title, page)
}

/// What can be paid by transfer: the newest such attempt.
pub fn transfer(payments: &[Payment]) -> Option<&Payment> {
    payments.iter().rev().find(|payment| payment.provider == Method::BankTransfer)
}

/// Pieces of a line that can be given back.
struct Refundable<'a> {
    line: &'a Line,
    was_sent: bool,
    most: i32,
    worth: Money,
}

impl Refundable<'_> {
    fn field(&self) -> String {
        format!("{}_{}", if self.was_sent { "sent" } else { "unsent" }, self.line.id)
    }
}

impl Desk {
    /// Did it expire because its payment was refused, not because nobody paid?
    fn is_declined(&self) -> bool {
        self.order.status == OrderStatus::Expired
            && self.payments.iter().max_by_key(|payment| payment.attempt).is_some_and(|payment| payment.state == Attempt::Failed)
    }

    fn unit(&self, line: &Line) -> Money {
        self.order.money(line.unit_minor)
    }

    fn shown(&self, line: &Line) -> Money {
        let quoted = self.order.quote.lines.iter().find(|quoted| Some(quoted.variant) == line.variant_id);
        quoted.map_or_else(|| self.order.money(line.gross_minor), |quoted| quoted.shown)
    }

    /// What can be given back of the lines: where a line has pieces that left and pieces that did not, both are asked for.
    fn refundable_pieces(&self) -> Vec<Refundable<'_>> {
        let asked = self.lines.iter().flat_map(|line| [(line, true, line.returnable_qty()), (line, false, line.open_qty())]);
        let asked = asked.filter(|(_, _, most)| *most > 0);
        asked.map(|(line, was_sent, most)| Refundable { line, was_sent, most, worth: line.refund_for(most, self.order.currency) }).collect()
    }

    fn open_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.requires_shipping && line.open_qty() > 0)
    }

    fn has_open_lines(&self) -> bool {
        self.open_lines().next().is_some()
    }

    fn can_cancel(&self) -> bool {
        matches!(self.order.status, OrderStatus::Pending | OrderStatus::Placed) && self.order.fulfilment_status == FulfilmentStatus::None
    }

    fn can_refund(&self) -> bool {
        self.may_refund && self.left.is_positive()
    }

    /// Why no parcel can leave now; empty where one can.
    fn no_parcel(&self) -> &'static str {
        let is_paid = matches!(self.order.payment_status, PaymentStatus::Paid | PaymentStatus::Overpaid | PaymentStatus::PartRefunded);
        match self.order.status {
            OrderStatus::Cancelled | OrderStatus::Expired => "This order is over. Nothing is to be shipped.",
            _ if !self.has_open_lines() => "Nothing is left to ship.",
            _ if self.order.flag.is_some() => "The flag must be cleared before anything is shipped.",
            OrderStatus::Pending => "The payment is not there yet.",
            _ if self.order.payment_status == PaymentStatus::PartPaid => "It can be shipped once the rest is paid, or let go.",
            _ if !is_paid => "It can be shipped once it is paid.",
            _ => "",
        }
    }

    /// A transfer may be booked: one is awaited, or came twice.
    fn takes_transfers(&self) -> bool {
        transfer(&self.payments).is_some()
    }

    /// What is said before a transfer of another amount than is to come is booked.
    fn another_amount(&self, amount: &Money) -> String {
        let written = |money: Money| filters::written(money, Language::english());
        if amount.minor() < self.missing.minor() {
            format!(
                "{} is to come, so {} stays open, and the shopper gets an e-mail that says so.",
                written(self.missing),
                written(self.missing.minus(*amount))
            )
        } else if self.missing.is_positive() {
            format!("That is {} more than is to come.", written(amount.minus(self.missing)))
        } else {
            "Nothing more is to come for this order.".into()
        }
    }

    /// May somebody let the missing rest go?
    fn can_waive(&self) -> bool {
        self.may_refund
            && self.takes_transfers()
            && self.order.status == OrderStatus::Placed
            && self.missing.is_positive()
            && !self.receipts.is_empty()
    }

    fn can_write(&self) -> bool {
        matches!(self.order.status, OrderStatus::Placed | OrderStatus::Closed)
    }

    fn carriers(&self) -> Vec<(&'static str, &'static fulfillment::Carrier)> {
        fulfillment::carriers()
    }

    /// The carrier that was promised is the first choice.
    fn carrier(&self) -> String {
        self.typed.value("ship", "carrier", self.order.delivery_method.0.as_ref().map_or("", |method| method.carrier.as_str()))
    }

    fn is_billed_elsewhere(&self) -> bool {
        self.order.billing_address != self.order.shipping_address
    }
}

/// A way to pay, for staff.
const fn method(method: Method) -> &'static str {
    match method {
        Method::Stripe => "Stripe",
        Method::BankTransfer => "Bank transfer",
        Method::Test => "Test payment",
    }
}

/// Where an attempt stands: (word, tone of its pill). A transfer is nobody's to open: it is awaited.
const fn attempt(payment: &Payment) -> (&'static str, &'static str) {
    match payment.state {
        Attempt::Created if !payment.provider.is_hosted() => ("awaited", "is-warn"),
        Attempt::Created => ("created", "is-quiet"),
        Attempt::Open => ("open", "is-warn"),
        Attempt::Pending => ("on its way", "is-warn"),
        Attempt::Authorised => ("authorised", "is-warn"),
        Attempt::Paid => ("paid", "is-good"),
        Attempt::Failed => ("failed", "is-bad"),
        Attempt::Expired => ("ended unpaid", "is-quiet"),
        Attempt::Voided => ("withdrawn", "is-quiet"),
    }
}

/// What a refused cancellation is called; the sentences of refunds are with their form.
pub fn why_not_cancelled(refused: &cancel::CancelRefused) -> Option<String> {
    Some(match refused {
        cancel::CancelRefused::Shipped => "Something of this order has left the house. Refund what comes back instead of cancelling.".into(),
        cancel::CancelRefused::Over => "This order is over already. There is nothing to cancel.".into(),
        cancel::CancelRefused::BeingPaid => {
            "The shopper's payment is on its way and cannot be stopped now. Wait until it has arrived or failed, then cancel.".into()
        }
        cancel::CancelRefused::Refund(refused) => return why_not_refunded(refused),
        cancel::CancelRefused::Db(_) => return None,
    })
}

/// `None` where it is not a refusal but a failure of ours.
pub fn why_not_refunded(refused: &refund::RefundRefused) -> Option<String> {
    Some(match refused {
        refund::RefundRefused::Nothing => "Please choose pieces to refund, or enter an amount.".into(),
        refund::RefundRefused::OnlyLeft(left) if left.is_zero() => "Everything that was paid has gone back already.".into(),
        refund::RefundRefused::OnlyLeft(left) => {
            format!("That is more than is left. At most {} can be refunded.", filters::written(*left, Language::english()))
        }
        refund::RefundRefused::TooMany => "That is more pieces than were sold and not refunded yet.".into(),
        refund::RefundRefused::NotPaid => "Nothing was paid for this order, so nothing can go back.".into(),
        refund::RefundRefused::Db(_) => return None,
    })
}
