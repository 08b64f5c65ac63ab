//! What staff did: transfers booked, parcels sent, money given back, notes written, each also in the log.

use anyhow::Context;
use serde_json::{Value, json};

use super::dice::Dice;
use super::plan::Fate;
use super::scribe::Scribe;
use super::steps::{Packed, Step};
use crate::base::{Actor, Instant, Money, OrderId};
use crate::fulfillment;
use crate::fulfillment::Parcel;
use crate::orders;
use crate::orders::{Line, Order, Pieces, Wanted};
use crate::payments;
use crate::staff;

/// From asking the provider for a refund to its answer.
const REFUND_SECONDS: i64 = 40;
/// What the short transfer lacks, in cents.
const SHORT: i64 = 400;
/// Given back where a parcel was late and its delivery cost nothing, in cents.
const GOODWILL: i64 = 500;

impl Scribe<'_> {
    /// Does a step of staff.
    pub(super) async fn at_the_desk(&mut self, step: Step, at: Instant) -> anyhow::Result<()> {
        match step {
            Step::Book { sale, is_short } => self.book(sale, is_short, at).await,
            Step::Ship { sale, what } => self.ship(sale, what, at).await,
            Step::Deliver { sale, parcel } => self.deliver(sale, parcel, at).await,
            Step::Cancel(sale) => self.cancel(sale, at).await,
            Step::Refund(sale) => self.refund(sale, at).await,
            Step::Note { sale, text } => self.note(sale, text, at).await,
            other => anyhow::bail!("{other:?} is not done at the desk"),
        }
    }

    const fn by(&self) -> Actor {
        Actor::Staff(self.clerk)
    }

    async fn log(&mut self, action: &str, order: OrderId, done: Value, at: Instant) -> anyhow::Result<()> {
        let (by, after) = (self.by(), json!({ "done": done }));
        Ok(staff::audit(&mut *self.db, by, action, "order", &order.to_string(), None, Some(after), at).await?)
    }

    async fn book(&mut self, sale: usize, is_short: bool, at: Instant) -> anyhow::Result<()> {
        let order = self.order(sale).await?;
        let due = payments::latest(&mut *self.db, order.id).await?.context("a transfer is awaited")?;
        let amount = if is_short { order.total().minus(order.money(SHORT)) } else { order.total() };
        let by = self.by();
        orders::receive(&mut *self.db, due.id, amount, &order.number, by, at).await?.context("the first transfer of its order")?;
        self.log("order.payment", order.id, json!({ "amount": amount.plain(), "reference": order.number }), at).await
    }

    async fn ship(&mut self, sale: usize, what: Packed, at: Instant) -> anyhow::Result<()> {
        let order = self.order(sale).await?;
        let lines = orders::lines(&mut *self.db, order.id).await?;
        let most = if what == Packed::FirstLine { 1 } else { lines.len() };
        let packed = lines.iter().filter(|line| line.open_qty() > 0).take(most).map(|line| (line.id, line.open_qty())).collect();
        let carrier = order.delivery_method.0.as_ref().map(|choice| choice.carrier.clone()).unwrap_or_default();
        let tracking_number = tracking_number(&carrier, sale * 2 + self.parcels.get(&sale).map_or(0, Vec::len));
        let parcel = Parcel { lines: packed, carrier, tracking_number };
        let by = self.by();
        let made = fulfillment::ship(&mut *self.db, order.id, &parcel, by, at).await?;
        self.parcels.entry(sale).or_default().push(made);
        let pieces = orders::named(&lines, parcel.lines.iter().copied());
        let done = json!({ "parcel": made, "pieces": pieces, "carrier": parcel.carrier, "tracking": parcel.tracking_number });
        self.log("order.ship", order.id, done, at).await
    }

    /// The carrier's page says so; the shop notes it by itself.
    async fn deliver(&mut self, sale: usize, parcel: usize, at: Instant) -> anyhow::Result<()> {
        let parcel = self.parcels.get(&sale).and_then(|parcels| parcels.get(parcel)).copied().context("it has left")?;
        anyhow::ensure!(fulfillment::deliver(&mut *self.db, parcel, Actor::System, at).await?, "a parcel arrives once");
        Ok(())
    }

    async fn cancel(&mut self, sale: usize, at: Instant) -> anyhow::Result<()> {
        let reason = if self.plan.sales[sale].fate == Fate::NeverPaid {
            "No transfer within a week, and no answer to our letter"
        } else {
            "Ordered the wrong size, asked us to cancel"
        };
        let (id, by) = (self.orders[&sale], self.by());
        orders::cancel(&mut *self.db, id, reason, by, at).await?;
        self.log("order.cancel", id, json!({ "reason": reason }), at).await?;
        self.give_back(id, at).await
    }

    async fn refund(&mut self, sale: usize, at: Instant) -> anyhow::Result<()> {
        let order = self.order(sale).await?;
        let lines = orders::lines(&mut *self.db, order.id).await?;
        let wanted = wanted(self.plan.sales[sale].fate, &order, &lines);
        let by = self.by();
        let made = orders::refund(&mut *self.db, order.id, &wanted, by, at).await?;
        let pieces = orders::named(&lines, wanted.lines.iter().map(|pieces| (pieces.line, pieces.sent + pieces.unsent)));
        let done = json!({ "refund": made, "pieces": pieces, "extra": wanted.extra.plain(), "restock": wanted.restock, "reason": wanted.reason });
        self.log("order.refund", order.id, done, at).await?;
        self.give_back(order.id, at).await
    }

    /// Asks the provider for what was promised back, as the job would.
    async fn give_back(&mut self, order: OrderId, at: Instant) -> anyhow::Result<()> {
        for refund in payments::list_refunds(&mut *self.db, order).await? {
            let payment = payments::find(&mut *self.db, refund.payment_id).await?.context("a refund has its payment")?;
            let standing = self.providers.refund(&payment, &refund).await?;
            orders::settle_refund(&mut *self.db, &refund, &standing, at.plus_seconds(REFUND_SECONDS)).await?;
        }
        Ok(())
    }

    async fn note(&mut self, sale: usize, text: &str, at: Instant) -> anyhow::Result<()> {
        let (id, by) = (self.orders[&sale], self.by());
        orders::append_event(&mut *self.db, id, "note", by, json!({ "text": text }), at).await?;
        self.log("order.note", id, json!({ "text": text }), at).await
    }

    async fn order(&mut self, sale: usize) -> anyhow::Result<Order> {
        orders::find(&mut *self.db, self.orders[&sale]).await?.context("an order of this history")
    }
}

/// What is given back, and why.
fn wanted(fate: Fate, order: &Order, lines: &[Line]) -> Wanted {
    let pieces = |line: &Line, sent: i32| Pieces { line: line.id, sent, unsent: 0 };
    let first = || lines.first().map(|line| pieces(line, 1)).into_iter().collect();
    let (lines, extra, restock, reason) = match fate {
        Fate::Returned => (lines.iter().map(|line| pieces(line, line.returnable_qty())).collect(), 0, true, "All of it came back within thirty days"),
        Fate::OneBack => (first(), 0, true, "One piece came back unused"),
        Fate::Broken => (first(), 0, false, "Broke on the way, photograph received"),
        _ => (Vec::new(), if order.delivery_minor > 0 { order.delivery_minor } else { GOODWILL }, false, "The parcel was a week late"),
    };
    Wanted { lines, extra: Money::new(extra, order.currency), restock, reason: reason.to_owned() }
}

/// As the carrier prints it.
fn tracking_number(carrier: &str, parcel: usize) -> String {
    let mut dice = Dice::new(u64::try_from(parcel).unwrap_or_default());
    if carrier == "dhl" { dice.digits(10) } else { format!("0150{}", dice.digits(10)) }
}
