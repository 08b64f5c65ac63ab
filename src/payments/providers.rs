//! The providers that are switched on, behind one face: a method per question.

use sqlx::PgPool;

use super::payment::{Method, Payment, Refund};
use super::provider::{ProviderError, RefundRequest, RefundStanding, Session, SessionRequest, Standing};
use super::stripe::Stripe;
use super::test;
use crate::base::{Currency, Instant};
use crate::markets::ShopSettings;

/// No key configured = not offered; the test provider exists only in test mode.
#[derive(Clone)]
pub struct Providers {
    pub stripe: Option<Stripe>,
    pub is_test: bool,
    /// Our own origin, where the test provider's page is.
    pub origin: String,
    pub db: PgPool,
}

impl Providers {
    /// The methods that a cart in this currency can be paid with.
    pub fn offered(&self, shop: &ShopSettings, currency: Currency) -> Vec<Method> {
        let mut methods = Vec::new();
        if self.stripe.is_some() && currency.stripe_multiplier().is_some() {
            methods.push(Method::Stripe);
        }
        if self.is_test {
            methods.push(Method::Test);
        }
        if !shop.bank.iban.is_empty() && currency == Currency::EUR {
            methods.push(Method::BankTransfer);
        }
        methods
    }

    fn stripe(&self) -> Result<&Stripe, ProviderError> {
        self.stripe.as_ref().ok_or_else(|| ProviderError::Unknown("no Stripe key is configured now".into()))
    }

    /// Makes (or finds, by the idempotency key) the payable session of a payment.
    pub async fn create_session(&self, method: Method, request: &SessionRequest) -> Result<Session, ProviderError> {
        match method {
            Method::Stripe => self.stripe()?.create_session(request).await,
            Method::Test => test::create(&self.db, request, &self.origin).await.map_err(|error| ProviderError::Unknown(error.to_string())),
            Method::BankTransfer => Err(ProviderError::NotOffered("a bank transfer has no session".into())),
        }
    }

    /// What the provider says of a session.
    pub async fn query(&self, method: Method, reference: &str, at: Instant) -> Result<Standing, ProviderError> {
        match method {
            Method::Stripe => self.stripe()?.query(reference).await,
            Method::Test => test::query(&self.db, reference, at).await,
            Method::BankTransfer => Ok(Standing::Open),
        }
    }

    /// Ends a session and says what it really became: one that was paid meanwhile says so.
    pub async fn expire(&self, method: Method, reference: &str, at: Instant) -> Result<Standing, ProviderError> {
        match method {
            Method::Stripe => self.stripe()?.expire(reference).await,
            Method::Test => {
                test::expire(&self.db, reference).await.map_err(|error| ProviderError::Unknown(error.to_string()))?;
                test::query(&self.db, reference, at).await
            }
            Method::BankTransfer => Ok(Standing::Expired),
        }
    }

    /// Gives money back; the same refund row always uses the same key.
    pub async fn refund(&self, payment: &Payment, refund: &Refund) -> Result<RefundStanding, ProviderError> {
        let key = format!("refund-{}", refund.id);
        match payment.provider {
            Method::Stripe => {
                let stripe = self.stripe()?;
                if let Some(reference) = &refund.reference {
                    return stripe.query_refund(reference).await;
                }
                let payment_reference = payment.payment_reference.clone().unwrap_or_default();
                let request = RefundRequest { payment_reference: payment_reference.clone(), amount: refund.amount(), idempotency_key: key.clone() };
                match stripe.refund(&request).await {
                    // Stripe replays a stored 5xx for the same key: look whether it was made after all.
                    Err(ProviderError::Unknown(what)) => stripe.find_refund(&payment_reference, &key).await?.ok_or(ProviderError::Unknown(what)),
                    other => other,
                }
            }
            Method::Test | Method::BankTransfer => Ok(RefundStanding::Succeeded { reference: key }),
        }
    }
}
