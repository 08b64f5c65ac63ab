//! An account.

use crate::base::{CustomerId, Email, Instant};

/// A customer who has an account. The password's hash is not part of it: only the checks read that.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    pub id: CustomerId,
    pub email: Email,
    /// [`Email::key`] of it, unique among accounts.
    pub email_key: String,
    /// When a letter to the address was answered; `None` = anybody could have typed it.
    pub email_verified_at: Option<Instant>,
    pub name: String,
    pub created_at: Instant,
}

impl Account {
    pub const fn is_verified(&self) -> bool {
        self.email_verified_at.is_some()
    }
}
