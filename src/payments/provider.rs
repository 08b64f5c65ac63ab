//! The contract with a payment provider: plain data that no provider's own types leak into. No SQL, no HTTP.

use crate::base::{Instant, Language, Money, OrderId, PaymentId};

/// One payable session: a page of the provider on which the frozen total of one order is paid.
#[derive(Debug, Clone)]
pub struct SessionRequest {
    pub order: OrderId,
    pub payment: PaymentId,
    /// What the shopper and the provider's dashboard see (`W-1042`).
    pub order_number: String,
    /// The frozen total, tax included.
    pub amount: Money,
    /// What the provider shows beside the total; they must sum to `amount`.
    pub lines: Vec<SessionLine>,
    pub email: Option<String>,
    pub success_url: String,
    pub cancel_url: String,
    /// Give Stripe `stripe::SESSION_SECONDS` from now: it takes 30 minutes to 24 hours, measured when the request arrives.
    pub expires_at: Instant,
    /// From order and attempt, at most 255 characters. The same key must always come with the same request.
    pub idempotency_key: String,
    pub language: Language,
}

/// One line of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    pub name: String,
    pub qty: i64,
    /// Of the whole line (not of one piece), tax included.
    pub amount: Money,
}

/// A session that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The provider's id of the session.
    pub reference: String,
    /// Where the shopper is sent.
    pub redirect_url: String,
    /// When the provider stops taking money for it.
    pub expires_at: Instant,
}

/// What the provider says of a session now. This, and never a webhook's own words, decides what is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Can still be paid.
    Open,
    /// The shopper is done, the money is not there: a method that takes hours or days.
    Pending,
    /// `amount` was taken. It may differ from what was asked: the caller compares.
    Paid { amount: Money, payment_reference: String },
    /// `amount` is reserved and waits for capture.
    Authorised { amount: Money, payment_reference: String },
    /// The shopper was done, but the money will not come.
    Failed { reason_code: Option<String> },
    /// Ended unpaid; can never be paid again.
    Expired,
}

/// Money to give back.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// From [`Standing::Paid`].
    pub payment_reference: String,
    pub amount: Money,
    /// From the row of the refund, at most 255 characters.
    pub idempotency_key: String,
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundStanding {
    Pending { reference: String },
    Succeeded { reference: String },
    Failed { reference: String, reason: String },
}

/// An authentic message of the provider. It is a hint to ask for the [`Standing`], not a fact to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The same for every repetition of the message.
    pub id: String,
    pub kind: EventKind,
    pub session_reference: Option<String>,
    pub payment_reference: Option<String>,
    /// The order that our own metadata names.
    pub order: Option<OrderId>,
    pub occurred_at: Instant,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// The shopper finished; not necessarily paid.
    SessionCompleted,
    SessionExpired,
    PaymentSucceeded,
    /// One attempt failed; the session may still be open.
    PaymentFailed,
    /// Something about a refund changed, also one made at the provider's own desk.
    Refunded,
    /// The provider's own word for it.
    Other(String),
}

/// Why the provider did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// A definite no: nothing was done.
    #[error("the payment provider refused ({code}): {message}")]
    Refused { code: String, message: String },
    /// It may have been done or not: ask again with the same key, never assume failure.
    #[error("the payment provider gave no clear answer: {0}")]
    Unknown(String),
    /// Cannot be asked of this provider at all; nothing was sent.
    #[error("not offered by the payment provider: {0}")]
    NotOffered(String),
}

/// Why a message is not from the provider, or not readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("the signature is missing or wrong")]
    Signature,
    #[error("the signature is too old or from the future")]
    Timestamp,
    #[error("signed, but not an event")]
    Malformed,
}
