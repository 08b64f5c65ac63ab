//! The letters of an order: placed, paid, shipped, delivered, refunded, cancelled.

use askama::Template;

use super::order::{Line, Order};
use super::refund::Pieces;
use super::status::{FulfilmentStatus, PaymentStatus};
use super::store;
use super::tasks::{Letter, LetterTask};
use crate::app::App;
use crate::base::{FulfilmentId, Instant, Money, RefundId};
use crate::fulfillment;
use crate::fulfillment::Fulfilment;
use crate::markets::BankAccount;
use crate::payments;
use crate::payments::Method;
use crate::platform::mail;
use crate::platform::tokens;
use crate::platform::tokens::Purpose;
use crate::platform::{jobs, secrets};
use crate::web::filters;
use crate::web::letter::{Draft, Imprint, letter};
use crate::web::words;

/// Days that the link of a letter opens the order.
const LINK_DAYS: i64 = 400;

#[derive(Template)]
#[template(path = "orders/mails/order.html")]
struct Html<'a>(&'a Content);

#[derive(Template)]
#[template(path = "orders/mails/order.txt")]
struct Plain<'a>(&'a Content);

/// What both twins show.
struct Content {
    order: Order,
    lines: Vec<(i32, Line)>,
    text: String,
    link: String,
    /// Where pictures are fetched.
    origin: String,
    parcel: Option<Fulfilment>,
    bank: Option<BankAccount>,
    /// Until when a transfer of what amount is awaited.
    awaited: Option<(Money, Instant)>,
    shows_totals: bool,
    /// Pages that belong to what confirms a purchase (Directive 2011/83/EU, art. 8 (7)).
    terms: String,
    returns: String,
}

impl Content {
    fn shown(&self, line: &Line) -> Money {
        self.order.money(line.gross_minor)
    }
}

/// Writes one letter and hands it to the post, in one transaction; a repeated job writes nothing new.
pub(super) async fn write(app: &App, task: &LetterTask) -> anyhow::Result<()> {
    let at = app.now();
    let mut tx = app.db.begin().await?;
    let Some(order) = store::find(&mut *tx, task.order).await? else { return Ok(()) };
    let snapshot = app.snapshot();
    let site = snapshot.site_for(order.market_id, order.language);
    let say = |key: &str, amount: Option<Money>| {
        let amount = amount.map(|amount| filters::written(amount, order.language)).unwrap_or_default();
        words::text(order.language, key, &[("number", order.number.clone().into()), ("amount", amount.into())])
    };
    let token = tokens::issue(&mut *tx, Purpose::Order, order.id.uuid(), "", at, at.plus_days(LINK_DAYS)).await?;
    let all = store::lines(&mut *tx, order.id).await?;
    let whole = || all.iter().map(|line| (line.qty, line.clone())).collect::<Vec<_>>();
    let is_unpaid = matches!(order.payment_status, PaymentStatus::None | PaymentStatus::PartPaid);
    let mut content = Content {
        lines: Vec::new(),
        text: String::new(),
        link: site.url(&format!("/orders/{token}")),
        origin: site.origin.clone(),
        parcel: None,
        bank: None,
        awaited: None,
        shows_totals: false,
        terms: site.url("/pages/terms"),
        returns: site.url("/pages/returns"),
        order: order.clone(),
    };
    let (kind, subject) = match task.letter {
        Letter::Placed => {
            content.lines = whole();
            content.shows_totals = true;
            let owes = order.payment_method == Method::BankTransfer && is_unpaid;
            content.bank = owes.then(|| snapshot.rules.shop.bank.clone());
            content.awaited = owes.then(|| (order.total(), order.transfer_by(snapshot.rules.shop.transfer_days)));
            content.text = say(if owes { "orders-mail-transfer-text" } else { "orders-mail-placed-text" }, None);
            ("order-placed", say("orders-mail-placed-subject", None))
        }
        Letter::Paid => {
            content.lines = whole();
            content.shows_totals = true;
            content.text = say("orders-mail-paid-text", None);
            ("order-paid", say("orders-mail-paid-subject", None))
        }
        Letter::PartPaid => {
            content.bank = Some(snapshot.rules.shop.bank.clone());
            content.text = say("orders-mail-part-paid-text", Some(order.money(store::facts(&mut *tx, order.id).await?.missing())));
            ("order-part-paid", say("orders-mail-part-paid-subject", None))
        }
        Letter::Shipped | Letter::Delivered => {
            let parcel = fulfillment::find(&mut *tx, FulfilmentId::from_uuid(task.about.unwrap_or_default())).await?;
            let inside = fulfillment::lines(&mut *tx, order.id).await?;
            let mine = inside.iter().filter(|line| parcel.as_ref().is_some_and(|parcel| parcel.id == line.fulfilment_id));
            content.lines = mine.filter_map(|line| Some((line.qty, all.iter().find(|known| known.id == line.order_line_id)?.clone()))).collect();
            content.parcel = parcel;
            let (text, subject, kind) = if task.letter == Letter::Shipped && order.fulfilment_status == FulfilmentStatus::PartShipped {
                ("orders-mail-part-shipped-text", "orders-mail-part-shipped-subject", "order-shipped")
            } else if task.letter == Letter::Shipped {
                ("orders-mail-shipped-text", "orders-mail-shipped-subject", "order-shipped")
            } else {
                ("orders-mail-delivered-text", "orders-mail-delivered-subject", "order-delivered")
            };
            content.text = say(text, None);
            (kind, say(subject, None))
        }
        Letter::Refunded => {
            let id = RefundId::from_uuid(task.about.unwrap_or_default());
            let refund = payments::refund(&mut *tx, id).await?;
            let back: Vec<Pieces> = serde_json::from_value(payments::refund_lines(&mut *tx, id).await?)?;
            let of = |line: &Line| back.iter().filter(|pieces| pieces.line == line.id).map(|pieces| pieces.sent + pieces.unsent).sum::<i32>();
            content.lines = all.iter().map(|line| (of(line), line.clone())).filter(|(qty, _)| *qty > 0).collect();
            content.text = say("orders-mail-refunded-text", refund.map(|refund| refund.amount()));
            ("order-refunded", say("orders-mail-refunded-subject", None))
        }
        Letter::Cancelled => {
            let is_free = order.payment_status == PaymentStatus::None;
            content.text = say(if is_free { "orders-mail-cancelled-unpaid-text" } else { "orders-mail-cancelled-text" }, None);
            ("order-cancelled", say("orders-mail-cancelled-subject", None))
        }
    };
    let shop = &snapshot.rules.shop;
    let imprint =
        Imprint { name: shop.legal_name.clone(), address: shop.legal_address.clone(), vat_id: shop.vat_id.clone(), email: shop.email.clone() };
    let draft = Draft {
        kind,
        key: letter_key(task),
        to: order.email.clone(),
        owner: Some(order.id.uuid()),
        subject,
        html: Html(&content),
        text: Plain(&content),
    };
    let written = letter(&site, &imprint, draft)?;
    if let Some(id) = mail::insert(&mut *tx, &written, &app.mail_domain(), at).await? {
        jobs::enqueue(&mut *tx, "mail.send", &serde_json::json!({ "mail": id }), at).await?;
        store::append_event(&mut *tx, order.id, "letter", crate::base::Actor::System, serde_json::json!({ "kind": kind }), at).await?;
    }
    tx.commit().await?;
    app.enqueued();
    Ok(())
}

/// Order, letter and what it is about name a letter; the job's own id does not, so that a repetition is the same letter.
fn letter_key(task: &LetterTask) -> String {
    secrets::fingerprint(format!("{}/{:?}/{:?}", task.order, task.letter, task.about).as_bytes())
}
