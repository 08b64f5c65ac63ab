//! Somebody who asked for the newsletter, with what proves it (GDPR Art. 7(1)): when, from where, what they had read.

use crate::base::{Email, Instant, Language, SubscriberId};

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Status {
    /// An address was typed; by whom, nobody knows yet.
    Pending,
    Confirmed,
    Unsubscribed,
}

impl Status {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Confirmed, Self::Unsubscribed];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == text)
    }
}

/// How somebody left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reason {
    /// Their mail program's button (RFC 8058).
    OneClick,
    /// The page behind the link in a letter.
    Link,
    Staff,
}

impl Reason {
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneClick => "one_click",
            Self::Link => "link",
            Self::Staff => "staff",
        }
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Subscriber {
    pub id: SubscriberId,
    pub email: Email,
    pub email_key: String,
    pub language: Language,
    pub status: Status,
    /// Path of the page whose form was used.
    pub source: String,
    /// What they had read when they asked.
    pub text: String,
    pub asked_at: Instant,
    pub asked_ip: String,
    pub confirmed_at: Option<Instant>,
    pub confirmed_ip: Option<String>,
    pub unsubscribed_at: Option<Instant>,
    pub reason: Option<Reason>,
    pub is_suppressed: bool,
}
