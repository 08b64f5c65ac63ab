//! Stripe: hosted Checkout for paying, refunds, captures, and its signed messages. Few calls, each bounded in time.
//! The caller must have installed a rustls crypto provider before the first call.

mod reading;
mod session;
mod webhook;

use std::time::Duration;

use ::stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeRequest};
use secrecy::{ExposeSecret, SecretString};
use stripe_checkout::checkout_session::{ExpireCheckoutSession, RetrieveCheckoutSession};
use stripe_core::payment_intent::{CancelPaymentIntent, CapturePaymentIntent, RetrievePaymentIntent};
use stripe_core::refund::{CreateRefund, ListRefund, RetrieveRefund};

use super::amount::{ChargeError, stripe_units};
use super::provider::{ProviderError, ProviderEvent, RefundRequest, RefundStanding, Session, SessionRequest, Standing, WebhookError};
use crate::base::{Instant, Money};

/// How long one call may take before its outcome counts as unknown.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Key of our refund's own name in the metadata, by which a refund is found again.
const REFUND_KEY: &str = "refund_key";

/// How long a session should live, in seconds. Stripe takes no less than 30 minutes, measured when the request arrives:
/// the rest is for the way and for clocks that differ.
pub const SESSION_SECONDS: i64 = 30 * 60 + 90;

/// What the merchant sets to use Stripe.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// `sk_…` or `rk_…`.
    pub secret_key: SecretString,
    /// `whsec_…`; several while one is being replaced. Without any, no message is believed.
    pub webhook_secrets: Vec<SecretString>,
    /// `https://api.stripe.com/`, or a stand-in.
    pub base_url: String,
}

/// The Stripe account of the shop. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stripe {
    client: Client,
    webhook_secrets: Vec<SecretString>,
}

impl Stripe {
    /// Errors (`NotOffered`) when the key or the address cannot be sent as such.
    pub fn new(config: StripeConfig) -> Result<Self, ProviderError> {
        let base_url = format!("{}/", config.base_url.trim_end_matches('/'));
        let client = ClientBuilder::new(config.secret_key.expose_secret())
            .url(base_url)
            .timeout(TIMEOUT)
            .app_info("wharf", Some(env!("CARGO_PKG_VERSION").to_owned()), None)
            .build()
            .map_err(|error| ProviderError::NotOffered(error.to_string()))?;
        Ok(Self { client, webhook_secrets: config.webhook_secrets })
    }

    /// Makes a hosted Checkout Session. After [`ProviderError::Unknown`] ask again with the identical request: its key
    /// makes sure that there is one session.
    pub async fn create_session(&self, request: &SessionRequest) -> Result<Session, ProviderError> {
        let call = session::build(request)?.customize().request_strategy(strategy(&request.idempotency_key)?);
        reading::session(call.send(&self.client).await.map_err(reading::error)?)
    }

    /// What Stripe says of a session now.
    pub async fn query(&self, reference: &str) -> Result<Standing, ProviderError> {
        let call = RetrieveCheckoutSession::new(reference).expand(vec!["payment_intent".to_owned()]);
        reading::standing(&call.send(&self.client).await.map_err(reading::error)?)
    }

    /// Ends an open session, so that it can never be paid. If Stripe refuses because it is no longer open, the answer is
    /// what it is instead: a session that was paid in the meantime comes back as paid.
    pub async fn expire(&self, reference: &str) -> Result<Standing, ProviderError> {
        let call = ExpireCheckoutSession::new(reference).expand(vec!["payment_intent".to_owned()]);
        match call.send(&self.client).await.map_err(reading::error) {
            Ok(session) => reading::standing(&session),
            Err(ProviderError::Refused { .. }) => self.query(reference).await,
            Err(unclear) => Err(unclear),
        }
    }

    /// Gives money back. Stripe remembers a key for at least 24 hours, its own failures included: when asking again stays
    /// [`ProviderError::Unknown`], or that time has passed, use [`Stripe::find_refund`] first.
    pub async fn refund(&self, request: &RefundRequest) -> Result<RefundStanding, ProviderError> {
        let call = CreateRefund::new()
            .payment_intent(request.payment_reference.as_str())
            .amount(units(request.amount)?)
            .metadata([(REFUND_KEY.to_owned(), request.idempotency_key.clone())])
            .customize()
            .request_strategy(strategy(&request.idempotency_key)?);
        reading::refund(&call.send(&self.client).await.map_err(reading::error)?)
    }

    /// What became of a refund that was pending.
    pub async fn query_refund(&self, reference: &str) -> Result<RefundStanding, ProviderError> {
        reading::refund(&RetrieveRefund::new(reference).send(&self.client).await.map_err(reading::error)?)
    }

    /// The refund that was made with this key, if there is one among the latest hundred of the payment.
    pub async fn find_refund(&self, payment_reference: &str, idempotency_key: &str) -> Result<Option<RefundStanding>, ProviderError> {
        let list = ListRefund::new().payment_intent(payment_reference).limit(100).send(&self.client).await.map_err(reading::error)?;
        let named =
            |refund: &&stripe_core::Refund| refund.metadata.as_ref().and_then(|data| data.get(REFUND_KEY)).is_some_and(|key| key == idempotency_key);
        list.data.iter().find(named).map(reading::refund).transpose()
    }

    /// Takes `amount` of what was authorised and releases the rest. Stripe captures once; when it refuses a second time,
    /// the answer is what the payment is now.
    pub async fn capture(&self, payment_reference: &str, amount: Money) -> Result<Standing, ProviderError> {
        let call = CapturePaymentIntent::new(payment_reference).amount_to_capture(units(amount)?);
        let found = call.send(&self.client).await.map_err(reading::error);
        self.payment_unless_moved(payment_reference, found).await
    }

    /// Releases an authorisation; the answer is [`Standing::Failed`], or what the payment was already.
    pub async fn void(&self, payment_reference: &str) -> Result<Standing, ProviderError> {
        let found = CancelPaymentIntent::new(payment_reference).send(&self.client).await.map_err(reading::error);
        self.payment_unless_moved(payment_reference, found).await
    }

    /// A refusal because the payment has moved on is answered with where it is now.
    async fn payment_unless_moved(
        &self,
        reference: &str,
        found: Result<stripe_core::PaymentIntent, ProviderError>,
    ) -> Result<Standing, ProviderError> {
        let payment = match found {
            Err(ProviderError::Refused { code, .. }) if code == "payment_intent_unexpected_state" => {
                RetrievePaymentIntent::new(reference).send(&self.client).await.map_err(reading::error)?
            }
            other => other?,
        };
        reading::payment(&payment)
    }

    /// Checks the header `Stripe-Signature` of the raw body, then reads the event.
    pub fn verify(&self, body: &[u8], signature_header: &str, now: Instant) -> Result<ProviderEvent, WebhookError> {
        webhook::verify(&self.webhook_secrets, body, signature_header, now)
    }
}

fn strategy(key: &str) -> Result<RequestStrategy, ProviderError> {
    IdempotencyKey::new(key).map(RequestStrategy::Idempotent).map_err(|error| ProviderError::NotOffered(error.to_string()))
}

fn units(amount: Money) -> Result<i64, ProviderError> {
    stripe_units(amount).map_err(|error: ChargeError| ProviderError::NotOffered(error.to_string()))
}

/// Reads a message that was verified before it was stored.
pub fn read_event(body: &[u8]) -> Result<ProviderEvent, WebhookError> {
    webhook::read_event(body, Instant::from_unix(0)).ok_or(WebhookError::Malformed)
}
