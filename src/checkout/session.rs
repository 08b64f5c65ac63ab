//! Phase 2 of a sale: the provider is asked for a payable session, with no lock and no transaction held. Everything in
//! the request follows from stored rows, so that asking twice is asking once.

use sqlx::{PgExecutor, PgPool};

use crate::base::Instant;
use crate::orders;
use crate::orders::Order;
use crate::payments;
use crate::payments::stripe::SESSION_SECONDS;
use crate::payments::{Payment, ProviderError, Providers, SessionLine, SessionRequest, Standing, State};

/// Why there is no payment page to go to.
#[derive(Debug, thiserror::Error)]
pub enum SessionRefused {
    /// A definite no; the order has been released and its cart is open again.
    #[error("refused: {0}")]
    Refused(String),
    /// Nobody knows; the same question may be asked again.
    #[error("unknown: {0}")]
    Unknown(String),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// The address of the provider's page for a payment, made on the first call and the same on every later one.
/// `shop` is the origin and prefix that the shopper comes back to.
pub async fn open_session(
    db: &PgPool,
    providers: &Providers,
    shop: &str,
    order: &Order,
    payment: &Payment,
    at: Instant,
) -> Result<String, SessionRefused> {
    if let (State::Open, Some(url)) = (payment.state, &payment.redirect_url) {
        return Ok(url.clone());
    }
    let request = session_request(db, shop, order, payment).await?;
    match providers.create_session(payment.provider, &request).await {
        Ok(session) => {
            payments::set_open(db, payment.id, &session.reference, &session.redirect_url, session.expires_at, at).await?;
            Ok(session.redirect_url)
        }
        Err(ProviderError::Refused { code, message }) => refused(db, payment, format!("{code}: {message}"), at).await,
        Err(ProviderError::NotOffered(why)) => refused(db, payment, why, at).await,
        Err(ProviderError::Unknown(why)) => Err(SessionRefused::Unknown(why)),
    }
}

/// What a provider is asked for: it follows from stored rows, and from where the shopper comes back to.
pub async fn session_request(db: impl PgExecutor<'_>, shop: &str, order: &Order, payment: &Payment) -> sqlx::Result<SessionRequest> {
    Ok(SessionRequest {
        order: order.id,
        payment: payment.id,
        order_number: order.number.clone(),
        amount: payment.amount(),
        lines: session_lines(db, order).await?,
        email: Some(order.email.to_string()),
        success_url: format!("{shop}/checkout/return"),
        cancel_url: format!("{shop}/checkout"),
        expires_at: payment.created_at.plus_seconds(SESSION_SECONDS),
        idempotency_key: format!("payment-{}", payment.id),
        language: order.language,
    })
}

/// Nothing was made at the provider: the order is released.
async fn refused(db: &PgPool, payment: &Payment, why: String, at: Instant) -> Result<String, SessionRefused> {
    let mut tx = db.begin().await?;
    orders::settle(&mut tx, payment.id, &Standing::Failed { reason_code: Some(why.clone()) }, crate::base::Actor::Provider, at).await?;
    tx.commit().await?;
    Err(SessionRefused::Refused(why))
}

/// What the provider shows beside the total: lines and delivery, gross; they sum to the frozen total.
async fn session_lines(db: impl PgExecutor<'_>, order: &Order) -> sqlx::Result<Vec<SessionLine>> {
    let mut lines: Vec<SessionLine> = orders::lines(db, order.id)
        .await?
        .into_iter()
        .map(|line| SessionLine {
            name: if line.variant_title.is_empty() { line.title.clone() } else { format!("{} – {}", line.title, line.variant_title) },
            qty: i64::from(line.qty),
            amount: order.money(line.gross_minor),
        })
        .collect();
    if let Some(delivery) = &order.quote.delivery
        && delivery.gross.is_positive()
    {
        lines.push(SessionLine { name: delivery.offer.name.clone(), qty: 1, amount: delivery.gross });
    }
    Ok(lines)
}
