//! The timeline in sentences: what happened, and who did it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::base::{Actor, Currency, Instant, Language, Money, StaffId};
use crate::orders::store::Event;
use crate::web::filters;

/// One entry as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub at: Instant,
    pub sentence: String,
    /// What somebody typed: a reason or a note.
    pub said: String,
    pub who: String,
}

impl Entry {
    pub fn new(event: &Event, names: &BTreeMap<StaffId, String>) -> Self {
        let said = if event.kind == "note" { text(&event.data, "text") } else { text(&event.data, "reason") };
        Self { at: event.at, sentence: sentence(event), said, who: who(&event.actor, names) }
    }
}

/// The members of staff that a timeline names.
pub fn staff_in<'a>(actors: impl Iterator<Item = &'a str>) -> Vec<StaffId> {
    let mut ids: Vec<StaffId> = actors
        .filter_map(|actor| match Actor::parse(actor) {
            Some(Actor::Staff(id)) => Some(id),
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Who did it, in words.
pub fn who(actor: &str, names: &BTreeMap<StaffId, String>) -> String {
    match Actor::parse(actor) {
        Some(Actor::Staff(id)) => names.get(&id).cloned().unwrap_or_else(|| "A former member of staff".into()),
        Some(Actor::Customer(_)) => "The customer".into(),
        Some(Actor::Guest) => "The shopper".into(),
        Some(Actor::Provider) => "The payment provider".into(),
        Some(Actor::System) | None => "The shop".into(),
    }
}

fn text(data: &Value, key: &str) -> String {
    data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The amount that an event carries, as English writes it.
fn amount(data: &Value, key: &str) -> String {
    let currency = Currency::parse(&text(data, "currency"));
    currency
        .and_then(|currency| Money::parse(&text(data, key), currency).ok())
        .map_or_else(|| "an amount".into(), |amount| filters::written(amount, Language::english()))
}

fn sentence(event: &Event) -> String {
    let data = &event.data;
    match event.kind.as_str() {
        "created" => format!("Checkout finished, {} to pay.", amount(data, "total")),
        "placed" => "The order was placed.".into(),
        "paid" => format!("{} was paid.", amount(data, "amount")),
        "payment_pending" => format!("A payment of {} is on its way.", amount(data, "amount")),
        "payment_failed" => "The payment failed. The goods are on sale again.".into(),
        "payment_expired" => "The payment page ended unpaid. The goods are on sale again.".into(),
        "transfer" => format!("A transfer of {} arrived.", amount(data, "amount")),
        "rest_waived" => format!("{} of the order was let go.", amount(data, "amount")),
        "payment_mismatch" => "Money of another amount arrived. It was not booked as paid.".into(),
        "revived" => "Paid after it had expired. The goods were still there and are held again.".into(),
        "refund_requested" => format!("A refund of {} was asked for.", amount(data, "amount")),
        "refunded" => format!("{} was refunded.", amount(data, "amount")),
        "refund_failed" => "A refund failed.".into(),
        "cancelled" => "The order was cancelled.".into(),
        "session_ended" => "The payment page was closed.".into(),
        "shipped" => shipped(data),
        "delivered" => {
            data.get("parcel").and_then(Value::as_i64).map_or_else(|| "A parcel arrived.".into(), |parcel| format!("Parcel {parcel} arrived."))
        }
        "letter" => format!("E-mail sent: {}.", letter(&text(data, "kind"))),
        "letter_requested" => "The confirmation was asked for once more.".into(),
        "flag_cleared" => format!("The flag was cleared. It said: {}", text(data, "flag")),
        "note" => "Note".into(),
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            format!("{words}.")
        }
    }
}

fn shipped(data: &Value) -> String {
    let pieces = data.get("pieces").and_then(Value::as_i64).unwrap_or_default();
    let carrier = text(data, "carrier");
    let carrier = crate::fulfillment::carrier(&carrier).map_or(carrier, |known| known.name.clone());
    let pieces = if pieces == 1 { "One piece".to_owned() } else { format!("{pieces} pieces") };
    let tracking = text(data, "tracking");
    if tracking.is_empty() { format!("{pieces} left with {carrier}.") } else { format!("{pieces} left with {carrier}, number {tracking}.") }
}

fn letter(kind: &str) -> &str {
    match kind {
        "order-placed" => "confirmation of the order",
        "order-paid" => "the transfer has arrived",
        "order-part-paid" => "a part of the transfer has arrived",
        "order-shipped" => "a parcel is on its way",
        "order-delivered" => "a parcel has arrived",
        "order-refunded" => "money goes back",
        "order-cancelled" => "the order was cancelled",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, data: Value) -> Event {
        Event { at: Instant::from_unix(0), kind: kind.into(), actor: "system".into(), data }
    }

    #[test]
    fn events_read_as_sentences() {
        let say = |kind: &str, data: Value| sentence(&event(kind, data));
        assert_eq!(say("paid", json!({ "amount": "1234.50", "currency": "EUR" })), "€1,234.50 was paid.");
        assert_eq!(say("shipped", json!({ "pieces": 1, "carrier": "Bike", "tracking": "" })), "One piece left with Bike.");
        assert_eq!(say("letter", json!({ "kind": "order-placed" })), "E-mail sent: confirmation of the order.");
        assert_eq!(say("gift_wrapped", json!({})), "Gift wrapped.");
    }

    #[test]
    fn people_have_names() {
        let id = StaffId::from_uuid(uuid::Uuid::nil());
        let names = BTreeMap::from([(id, "Ada".to_owned())]);
        assert_eq!(who(&Actor::Staff(id).to_string(), &names), "Ada");
        assert_eq!(who("provider", &names), "The payment provider");
        assert_eq!(staff_in(["system", "staff:00000000-0000-0000-0000-000000000000"].into_iter()), [id]);
    }
}
