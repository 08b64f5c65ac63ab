//! Payments: what a payment provider is asked, what it answers, and Stripe, which answers.

pub mod amount;
pub mod provider;
pub mod stripe;

pub use amount::{ChargeError, from_stripe_amount, stripe_amount, stripe_units};
pub use provider::{
    EventKind, ProviderError, ProviderEvent, RefundRequest, RefundStanding, Session, SessionLine, SessionRequest, Standing, WebhookError,
};
pub use stripe::{Stripe, StripeConfig};
