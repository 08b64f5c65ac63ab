//! An order: a frozen copy of what was sold. Nothing is looked up again to read it, nothing re-prices it.

use rust_decimal::Decimal;
use sqlx::types::Json;

use super::status::{FulfilmentStatus, OrderStatus, PaymentStatus};
use crate::base::{
    Address, CartId, Country, Currency, CustomerId, Email, Instant, Language, MarketId, Money, OrderId, OrderLineId, ProductId, VariantId,
};
use crate::payments::Method;
use crate::pricing::Quote;

/// How it is delivered, as it was promised.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeliveryChoice {
    pub name: String,
    pub carrier: String,
    pub min_days: i32,
    pub max_days: i32,
}

/// What was agreed to: which text (by its hash), when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    pub kind: String,
    pub text_hash: String,
    pub given: bool,
    pub at: Instant,
    pub language: Language,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Order {
    pub id: OrderId,
    pub number: String,
    pub cart_id: CartId,
    pub market_id: MarketId,
    pub language: Language,
    pub customer_id: Option<CustomerId>,
    pub email: Email,
    pub shipping_address: Json<Address>,
    pub billing_address: Json<Address>,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub fulfilment_status: FulfilmentStatus,
    pub payment_method: Method,
    pub delivery_method: Json<Option<DeliveryChoice>>,
    pub currency: Currency,
    pub items_minor: i64,
    pub delivery_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub quote: Json<Quote>,
    pub note: String,
    pub is_test: bool,
    pub flag: Option<String>,
    pub stock_held: bool,
    pub placed_at: Instant,
    pub paid_at: Option<Instant>,
    pub cancelled_at: Option<Instant>,
    pub version: i32,
}

/// One sold line, frozen.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    pub id: OrderLineId,
    pub position: i32,
    pub variant_id: Option<VariantId>,
    pub product_id: Option<ProductId>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: Option<String>,
    pub picture: Option<String>,
    pub qty: i32,
    pub unit_minor: i64,
    pub net_minor: i64,
    pub tax_minor: i64,
    pub gross_minor: i64,
    pub tax_class: String,
    pub tax_percent: Decimal,
    pub tax_country: Country,
    pub weight_grams: i32,
    pub requires_shipping: bool,
    pub is_tracked: bool,
    pub hs_code: Option<String>,
    pub origin_country: Option<String>,
    pub cost_minor: Option<i64>,
    pub cancelled_qty: i32,
    pub shipped_qty: i32,
    pub refunded_qty: i32,
}

impl Order {
    /// The last day on which a transfer is to arrive, where the shop gives it so many days.
    pub fn transfer_by(&self, days: i64) -> Instant {
        self.placed_at.plus_days(days)
    }

    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    pub const fn total(&self) -> Money {
        self.money(self.total_minor)
    }

    pub const fn items(&self) -> Money {
        self.money(self.items_minor)
    }

    pub const fn delivery(&self) -> Money {
        self.money(self.delivery_minor)
    }

    pub const fn tax(&self) -> Money {
        self.money(self.tax_minor)
    }
}

/// Pieces by the names of their products, for what people read later: the audit log, say.
pub fn named(lines: &[Line], pieces: impl Iterator<Item = (OrderLineId, i32)>) -> serde_json::Map<String, serde_json::Value> {
    let mut sums = std::collections::BTreeMap::<String, i32>::new();
    for (id, qty) in pieces {
        if let Some(line) = lines.iter().find(|line| line.id == id) {
            *sums.entry(line.full_title()).or_default() += qty;
        }
    }
    sums.into_iter().map(|(title, qty)| (title, qty.into())).collect()
}

impl Line {
    /// Product and variant in one line.
    pub fn full_title(&self) -> String {
        if self.variant_title.is_empty() { self.title.clone() } else { format!("{} – {}", self.title, self.variant_title) }
    }

    /// Pieces that are still to leave the house.
    pub const fn open_qty(&self) -> i32 {
        self.qty - self.shipped_qty - self.cancelled_qty
    }

    /// Pieces that left and were not given back. What was given back before it left is counted as cancelled.
    pub fn returnable_qty(&self) -> i32 {
        self.shipped_qty - (self.refunded_qty - self.cancelled_qty).max(0)
    }

    /// What giving back `qty` more pieces is worth: cumulative, so that all parts add up to the line.
    /// Rule: shared data `vectors/orders.json`, point 7.
    pub fn refund_for(&self, qty: i32, currency: Currency) -> Money {
        let upto = |units: i32| {
            let exact = Decimal::from(self.gross_minor) * Decimal::from(units) / Decimal::from(self.qty);
            Money::from_exact_minor(exact, currency)
        };
        upto(self.refunded_qty + qty).minus(upto(self.refunded_qty))
    }
}
