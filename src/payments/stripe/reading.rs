//! What Stripe's answers mean. Whatever cannot be read for certain is unknown, never a failure.

use ::stripe::{ApiErrorsType, StripeError};
use stripe_checkout::{CheckoutSession, CheckoutSessionPaymentStatus, CheckoutSessionStatus};
use stripe_core::{PaymentIntent, PaymentIntentStatus, Refund};

use crate::base::{Currency, Instant, Money};
use crate::payments::amount::from_stripe_amount;
use crate::payments::provider::{ProviderError, RefundStanding, Session, Standing};

pub(super) fn session(made: CheckoutSession) -> Result<Session, ProviderError> {
    let redirect_url = made.url.ok_or_else(|| ProviderError::Unknown("the session has no address; it is open no more".into()))?;
    Ok(Session { reference: made.id.to_string(), redirect_url, expires_at: Instant::from_unix(made.expires_at) })
}

/// Money speaks first: a payment that succeeded is paid, whatever became of the session round it.
pub(super) fn standing(session: &CheckoutSession) -> Result<Standing, ProviderError> {
    let behind = session.payment_intent.as_ref().and_then(|payment| payment.as_object());
    if let Some(payment) = behind
        && matches!(payment.status, PaymentIntentStatus::Succeeded | PaymentIntentStatus::RequiresCapture)
    {
        return self::payment(payment);
    }
    match (&session.status, &session.payment_status) {
        (Some(CheckoutSessionStatus::Open), _) => Ok(Standing::Open),
        (Some(CheckoutSessionStatus::Expired), _) => Ok(Standing::Expired),
        (Some(CheckoutSessionStatus::Complete), CheckoutSessionPaymentStatus::Paid) => {
            let reference = session.payment_intent.as_ref().map(|payment| payment.id().to_string());
            let (Some(units), Some(currency), Some(payment_reference)) = (session.amount_total, &session.currency, reference) else {
                return Err(ProviderError::Unknown("a paid session without amount or payment".into()));
            };
            Ok(Standing::Paid { amount: money(units, &currency.to_string())?, payment_reference })
        }
        (Some(CheckoutSessionStatus::Complete), CheckoutSessionPaymentStatus::Unpaid) => behind.map_or(Ok(Standing::Pending), self::payment),
        (status, paid) => Err(ProviderError::Unknown(format!("session status {status:?}, payment status {paid:?}"))),
    }
}

/// The standing of a payment whose session is complete.
pub(super) fn payment(payment: &PaymentIntent) -> Result<Standing, ProviderError> {
    let payment_reference = payment.id.to_string();
    let worth = |units| money(units, &payment.currency.to_string());
    Ok(match &payment.status {
        PaymentIntentStatus::Succeeded => Standing::Paid { amount: worth(payment.amount_received)?, payment_reference },
        PaymentIntentStatus::RequiresCapture => Standing::Authorised { amount: worth(payment.amount_capturable)?, payment_reference },
        PaymentIntentStatus::Canceled => Standing::Failed { reason_code: Some("canceled".into()) },
        PaymentIntentStatus::RequiresPaymentMethod => {
            let why = payment.last_payment_error.as_ref();
            Standing::Failed { reason_code: why.and_then(|why| why.decline_code.clone().or_else(|| why.code.as_ref().map(ToString::to_string))) }
        }
        PaymentIntentStatus::Processing | PaymentIntentStatus::RequiresAction | PaymentIntentStatus::RequiresConfirmation => Standing::Pending,
        other => return Err(ProviderError::Unknown(format!("payment status {other:?}"))),
    })
}

pub(super) fn refund(refund: &Refund) -> Result<RefundStanding, ProviderError> {
    let reference = refund.id.to_string();
    match refund.status.as_deref() {
        Some("succeeded") => Ok(RefundStanding::Succeeded { reference }),
        Some("pending" | "requires_action") => Ok(RefundStanding::Pending { reference }),
        Some(ended @ ("failed" | "canceled")) => {
            Ok(RefundStanding::Failed { reference, reason: refund.failure_reason.clone().unwrap_or_else(|| ended.to_owned()) })
        }
        other => Err(ProviderError::Unknown(format!("refund status {other:?}"))),
    }
}

fn money(units: i64, currency: &str) -> Result<Money, ProviderError> {
    let known = Currency::parse(&currency.to_ascii_uppercase());
    known.map(|currency| from_stripe_amount(units, currency)).ok_or_else(|| ProviderError::Unknown(format!("currency {currency}")))
}

/// Only an answer of Stripe that says no is a no. A timeout, a server error, a request still running under the same key
/// (409), too many requests (429) or a key used for something else leave open what was done.
pub(super) fn error(error: StripeError) -> ProviderError {
    match error {
        StripeError::Stripe(details, status) => {
            let message = details.message.clone().unwrap_or_else(|| format!("HTTP {status}"));
            let unclear =
                !(400..500).contains(&status) || matches!(status, 408 | 409 | 424 | 429) || details.type_ == ApiErrorsType::IdempotencyError;
            if unclear {
                return ProviderError::Unknown(message);
            }
            let code = details.decline_code.clone().or_else(|| details.code.as_ref().map(ToString::to_string));
            ProviderError::Refused { code: code.unwrap_or_else(|| format!("http_{status}")), message }
        }
        StripeError::ConfigError(message) => ProviderError::NotOffered(message),
        unclear => ProviderError::Unknown(unclear.to_string()),
    }
}
