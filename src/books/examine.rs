//! The examination: every question over the whole shop, as of one moment, and each difference in words.

use sqlx::PgPool;

use super::store;
use super::store::{MONEY, Mismatch, ODD, PIECES};
use crate::base::Money;
use crate::orders::Facts;

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An order, by its number.
    Order(String),
    /// A variant, by title and SKU.
    Variant(String),
    Cart(String),
}

impl Subject {
    /// The order's number, where it is about one.
    pub fn order(&self) -> Option<&str> {
        match self {
            Self::Order(number) => Some(number),
            Self::Variant(_) | Self::Cart(_) => None,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Order(number) => write!(f, "Order {number}"),
            Self::Variant(name) => f.write_str(name),
            Self::Cart(id) => write!(f, "Cart {id}"),
        }
    }
}

/// Something that is not what the ledgers say. Prints as one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub subject: Subject,
    /// What differs, with both values.
    pub what: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}.", self.subject, self.what)
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    pub levels: i64,
    pub moves: i64,
    pub orders: i64,
    pub order_lines: i64,
    pub payments: i64,
    pub payment_events: i64,
    pub refunds: i64,
    pub parcels: i64,
    pub carts: i64,
}

/// What an examination found.
#[derive(Debug, Clone)]
pub struct Report {
    pub differences: Vec<Difference>,
    pub counts: Counts,
}

/// Every difference between what is stored and what the ledgers say; none in a healthy shop.
pub async fn examine(db: &PgPool) -> anyhow::Result<Vec<Difference>> {
    Ok(report(db).await?.differences)
}

/// [`examine`], with how much was looked at. All questions see one moment, so a sale under way is no difference.
pub async fn report(db: &PgPool) -> anyhow::Result<Report> {
    let mut tx = db.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let mut differences = Vec::new();
    for level in store::levels(&mut tx).await? {
        differences.extend(level_differences(&level));
    }
    for question in PIECES {
        for found in store::pieces(&mut tx, question.sql).await? {
            let what = format!("{} {} {}, but {} {}", question.stored, found.stored, pieces(found.stored), question.found, found.found);
            differences.push(Difference { subject: subject(question.is_order, found.name), what });
        }
    }
    for question in MONEY {
        for found in store::money(&mut tx, question.sql).await? {
            differences.push(money_difference(question, found));
        }
    }
    for question in ODD {
        for name in store::odd(&mut tx, question.sql).await? {
            let subject = if question.is_order { Subject::Order(name) } else { Subject::Cart(name) };
            differences.push(Difference { subject, what: question.stored.to_owned() });
        }
    }
    for standing in store::standings(&mut tx).await? {
        differences.extend(status_differences(&standing));
    }
    let counts = store::counts(&mut tx).await?;
    tx.commit().await?;
    Ok(Report { differences, counts })
}

fn subject(is_order: bool, name: String) -> Subject {
    if is_order { Subject::Order(name) } else { Subject::Variant(name) }
}

const fn pieces(count: i64) -> &'static str {
    if count == 1 { "piece" } else { "pieces" }
}

fn level_differences(level: &store::LevelDifference) -> Vec<Difference> {
    let differs = |what: &str, stored: i32, moves: i32| {
        (stored != moves).then(|| Difference {
            subject: Subject::Variant(level.name.clone()),
            what: format!("its level says {stored} {what}, but its moves add up to {moves}"),
        })
    };
    [differs("on hand", level.on_hand, level.on_hand_moves), differs("promised", level.allocated, level.allocated_moves)]
        .into_iter()
        .flatten()
        .collect()
}

fn money_difference(question: &store::Question, found: Mismatch) -> Difference {
    let stored = Money::new(found.stored, found.currency);
    let derived = Money::new(found.found, found.currency);
    Difference { subject: Subject::Order(found.name), what: format!("{} {stored}, but {} {derived}", question.stored, question.found) }
}

fn status_differences(standing: &store::Standing) -> Vec<Difference> {
    let facts = Facts {
        total: standing.total,
        captured: standing.captured,
        refunded: standing.refunded,
        is_payment_pending: standing.is_payment_pending,
        is_authorised: standing.is_authorised,
        wanted: standing.wanted,
        shipped: standing.shipped,
        is_delivered: standing.is_delivered,
    };
    let difference = |what: String| Difference { subject: Subject::Order(standing.number.clone()), what };
    let mut differences = Vec::new();
    if facts.order(standing.status) != standing.status {
        let stored = standing.status;
        differences.push(difference(format!("its status is \"{stored}\", but money and parcels say \"{}\"", facts.order(stored))));
    }
    if facts.payment() != standing.payment_status {
        let stored = standing.payment_status;
        differences.push(difference(format!("its payment status is \"{stored}\", but the ledger says \"{}\"", facts.payment())));
    }
    if facts.fulfilment() != standing.fulfilment_status {
        let stored = standing.fulfilment_status;
        differences.push(difference(format!("its fulfilment status is \"{stored}\", but the parcels say \"{}\"", facts.fulfilment())));
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Currency;
    use crate::orders::{FulfilmentStatus, OrderStatus, PaymentStatus};

    #[test]
    fn a_difference_names_both_values() {
        let found = Mismatch { name: "W1001".into(), currency: Currency::EUR, stored: 1000, found: 900 };
        assert_eq!(
            money_difference(&MONEY[0], found).to_string(),
            "Order W1001: its total is 10.00 EUR, but its lines and delivery come to 9.00 EUR."
        );
    }

    #[test]
    fn statuses_are_derived_again() {
        let standing = store::Standing {
            number: "W1".into(),
            status: OrderStatus::Placed,
            payment_status: PaymentStatus::Paid,
            fulfilment_status: FulfilmentStatus::Shipped,
            total: 1000,
            captured: 0,
            refunded: 0,
            is_payment_pending: true,
            is_authorised: false,
            wanted: 2,
            shipped: 2,
            is_delivered: false,
        };
        let said: Vec<String> = status_differences(&standing).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["Order W1: its payment status is \"paid\", but the ledger says \"pending\"."]);
    }
}
