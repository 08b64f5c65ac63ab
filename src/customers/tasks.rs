//! Letters to write later: what the transaction that wants one leaves on the pile. Never a token: the job makes it.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::base::{CustomerId, Email, Instant, ids};
use crate::platform::jobs;

/// Confirm the address of a new account, or another address for it ([`Task::email`]).
pub const VERIFY: &str = "customers.verify";
/// A link to choose a new password.
pub const RESET: &str = "customers.reset";
/// Somebody signed up with an address that has an account.
pub const EXISTS: &str = "customers.exists";
/// The password was changed.
pub const PASSWORD_CHANGED: &str = "customers.password_changed";
/// The address was changed; goes to the old one ([`Task::email`]).
pub const EMAIL_CHANGED: &str = "customers.email_changed";
/// Timetable: forgets sessions that are over.
pub const PRUNE: &str = "customers.prune";

/// A letter to write.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Task {
    pub customer: CustomerId,
    /// Prefix of the pair in which it was asked for: its language.
    pub prefix: String,
    /// One request is one letter, however often the job runs.
    pub request: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

impl Task {
    pub fn new(customer: CustomerId, prefix: &str, at: Instant) -> Self {
        Self { customer, prefix: prefix.to_owned(), request: ids::v7(at), email: None }
    }

    #[must_use]
    pub fn with_email(self, email: Email) -> Self {
        Self { email: Some(email), ..self }
    }

    /// Puts the letter on the pile.
    pub async fn enqueue(&self, db: impl PgExecutor<'_>, kind: &'static str, at: Instant) -> sqlx::Result<()> {
        jobs::enqueue(db, kind, self, at).await
    }
}
