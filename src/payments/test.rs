//! The test provider: a payment page of our own that takes no money, offered only in test mode. It keeps its own
//! records, so that what the shop believes and what the provider says can differ, as they do in life.

use sqlx::{PgConnection, PgExecutor};

use super::provider::{ProviderError, Session, SessionRequest, Standing};
use super::store;
use crate::base::{Currency, Instant, Money};
use crate::platform::secrets;

/// What the tester presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Pay,
    Decline,
    PendingThenPaid,
    PendingThenFailed,
    /// The session runs out, as if half an hour had gone by.
    Expire,
}

impl Choice {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "pay" => Self::Pay,
            "decline" => Self::Decline,
            "pending-paid" => Self::PendingThenPaid,
            "pending-failed" => Self::PendingThenFailed,
            "expire" => Self::Expire,
            _ => return None,
        })
    }
}

/// Seconds that a pending test payment takes.
const PENDING_SECONDS: i64 = 20;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct TestSession {
    pub reference: String,
    pub amount_minor: i64,
    pub currency: Currency,
    pub state: String,
    pub settles_at: Option<Instant>,
    pub outcome: Option<String>,
    pub success_url: String,
    pub cancel_url: String,
    pub order_number: String,
    pub expires_at: Instant,
}

impl TestSession {
    pub const fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    fn standing(&self, at: Instant) -> Standing {
        let paid = || Standing::Paid { amount: self.amount(), payment_reference: format!("test_payment_{}", &self.reference) };
        let has_settled = self.settles_at.is_some_and(|settles_at| settles_at <= at);
        match (self.state.as_str(), self.outcome.as_deref()) {
            ("paid", _) => paid(),
            ("pending", Some("paid")) if has_settled => paid(),
            ("pending", Some("failed")) if has_settled => Standing::Failed { reason_code: Some("test_failed_later".into()) },
            ("pending", _) => Standing::Pending,
            ("failed", _) => Standing::Failed { reason_code: Some("test_declined".into()) },
            ("open", _) if at < self.expires_at => Standing::Open,
            _ => Standing::Expired,
        }
    }
}

/// The same payment always gets the same session.
pub(super) async fn create(db: impl PgExecutor<'_>, request: &SessionRequest, origin: &str) -> sqlx::Result<Session> {
    let (reference, expires_at): (String, Instant) = sqlx::query_as(
        "INSERT INTO test_sessions (reference, payment_id, amount_minor, currency, state, success_url, cancel_url, order_number, expires_at)
         VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8)
         ON CONFLICT (payment_id) DO UPDATE SET payment_id = excluded.payment_id
      RETURNING reference, expires_at",
    )
    .bind(secrets::token())
    .bind(request.payment)
    .bind(request.amount.minor())
    .bind(request.amount.currency())
    .bind(&request.success_url)
    .bind(&request.cancel_url)
    .bind(&request.order_number)
    .bind(request.expires_at)
    .fetch_one(db)
    .await?;
    Ok(Session { redirect_url: format!("{origin}/pay/test/{reference}"), reference, expires_at })
}

pub(super) async fn find(db: impl PgExecutor<'_>, reference: &str) -> sqlx::Result<Option<TestSession>> {
    sqlx::query_as(
        "SELECT reference, amount_minor, currency, state, settles_at, outcome, success_url, cancel_url, order_number, expires_at
           FROM test_sessions WHERE reference = $1",
    )
    .bind(reference)
    .fetch_optional(db)
    .await
}

pub(super) async fn query(db: impl PgExecutor<'_>, reference: &str, at: Instant) -> Result<Standing, ProviderError> {
    match find(db, reference).await {
        Ok(Some(session)) => Ok(session.standing(at)),
        Ok(None) => Err(ProviderError::Refused { code: "unknown".into(), message: "no such session".into() }),
        Err(error) => Err(ProviderError::Unknown(error.to_string())),
    }
}

/// Ends an open session; one that is paid or pending stays what it is.
pub(super) async fn expire(db: impl PgExecutor<'_>, reference: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE test_sessions SET state = 'expired' WHERE reference = $1 AND state = 'open'").bind(reference).execute(db).await.map(drop)
}

/// A whole visit to the test page, on the caller's connection: the session is made, the shopper decides, the provider is
/// asked. For a past that is written down in one transaction; a shop that sells holds none while it asks.
pub async fn visit(db: &mut PgConnection, request: &SessionRequest, origin: &str, choice: Choice, at: Instant) -> Result<Standing, ProviderError> {
    let unknown = |error: sqlx::Error| ProviderError::Unknown(error.to_string());
    let session = create(&mut *db, request, origin).await.map_err(unknown)?;
    store::set_open(&mut *db, request.payment, &session.reference, &session.redirect_url, session.expires_at, at).await.map_err(unknown)?;
    choose(&mut *db, &session.reference, choice, at).await.map_err(unknown)?;
    query(db, &session.reference, at).await
}

/// The tester decided; false where the session was no longer open.
pub async fn choose(db: impl PgExecutor<'_>, reference: &str, choice: Choice, at: Instant) -> sqlx::Result<bool> {
    let (state, settles_at, outcome) = match choice {
        Choice::Pay => ("paid", None, None),
        Choice::Decline => ("failed", None, None),
        Choice::PendingThenPaid => ("pending", Some(at.plus_seconds(PENDING_SECONDS)), Some("paid")),
        Choice::PendingThenFailed => ("pending", Some(at.plus_seconds(PENDING_SECONDS)), Some("failed")),
        Choice::Expire => ("expired", None, None),
    };
    let done =
        sqlx::query("UPDATE test_sessions SET state = $2, settles_at = $3, outcome = $4 WHERE reference = $1 AND state = 'open' AND expires_at > $5")
            .bind(reference)
            .bind(state)
            .bind(settles_at)
            .bind(outcome)
            .bind(at)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}
