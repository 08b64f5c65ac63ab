//! An attempt to pay an order, and money given back.

use crate::base::{Currency, Instant, Money, OrderId, PaymentId, RefundId};

/// The ways to pay that the shop knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Method {
    Stripe,
    BankTransfer,
    Test,
}

impl Method {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "stripe" => Some(Self::Stripe),
            "bank_transfer" => Some(Self::BankTransfer),
            "test" => Some(Self::Test),
            _ => None,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::BankTransfer => "bank_transfer",
            Self::Test => "test",
        }
    }

    /// Key of its name for shoppers.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stripe => "payments-method-stripe",
            Self::BankTransfer => "payments-method-bank-transfer",
            Self::Test => "payments-method-test",
        }
    }

    /// Does the shopper leave for a page of the provider?
    pub const fn is_hosted(self) -> bool {
        !matches!(self, Self::BankTransfer)
    }
}

/// Where an attempt stands. Only ever moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// Ours alone: the provider may not know of it yet.
    Created,
    Open,
    Pending,
    Authorised,
    Paid,
    Failed,
    Expired,
    Voided,
}

impl State {
    /// Money may still come from it.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Created | Self::Open | Self::Pending | Self::Authorised)
    }

    /// May this state follow that one? A late message never takes a step back (T13); only money revives what ended.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Paid, _) => false,
            (_, Self::Paid) => true,
            (Self::Failed | Self::Expired | Self::Voided, _) => false,
            (Self::Authorised, Self::Open | Self::Pending | Self::Created) => false,
            (Self::Pending, Self::Open | Self::Created) => false,
            (Self::Open, Self::Created) => false,
            _ => true,
        }
    }
}

/// One attempt to pay an order.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Payment {
    pub id: PaymentId,
    pub order_id: OrderId,
    pub provider: Method,
    pub attempt: i32,
    pub amount_minor: i64,
    pub currency: Currency,
    pub state: State,
    pub session_reference: Option<String>,
    pub payment_reference: Option<String>,
    pub redirect_url: Option<String>,
    pub expires_at: Option<Instant>,
    pub flag: Option<String>,
    pub is_test: bool,
    pub created_at: Instant,
    pub updated_at: Instant,
}

impl Payment {
    pub const fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

/// Money given back, or on its way.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Refund {
    pub id: RefundId,
    pub order_id: OrderId,
    pub payment_id: PaymentId,
    pub amount_minor: i64,
    pub currency: Currency,
    /// `requested`, `pending`, `succeeded`, `failed`.
    pub state: String,
    pub reference: Option<String>,
    pub reason: String,
    pub actor: String,
    pub error: Option<String>,
    pub created_at: Instant,
}

impl Refund {
    pub const fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::State::*;

    #[test]
    fn a_paid_payment_stays_paid_and_a_late_payment_counts() {
        assert!(!Paid.may_become(Failed) && !Paid.may_become(Expired));
        assert!(Expired.may_become(Paid) && Failed.may_become(Paid));
        assert!(!Pending.may_become(Open) && Open.may_become(Pending));
    }
}
