//! What the newsletter leaves on the pile. Never a token: the job makes it.

use uuid::Uuid;

use crate::base::{Email, Instant, IssueId, MailId, SubscriberId};

/// Somebody typed an address: [`Asked`].
pub const ASKED: &str = "newsletter.asked";
/// Writes the next letters of an issue: [`Batch`].
pub const SEND: &str = "newsletter.send";
/// Sends one letter of an issue: [`Parcel`].
pub const DELIVER: &str = "newsletter.deliver";
/// Timetable: forgets who never confirmed.
pub const PRUNE: &str = "newsletter.prune";

/// An address that was typed into the form, with what proves the asking.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    pub email: Email,
    /// Prefix of the pair: the language of the letters, and where their links lead.
    pub prefix: String,
    pub source: String,
    /// The sentence beside the button.
    pub text: String,
    pub ip: String,
    pub at: Instant,
    /// One request is one letter, however often the job runs.
    pub request: Uuid,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Batch {
    pub issue: IssueId,
}

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Parcel {
    pub issue: IssueId,
    pub subscriber: SubscriberId,
    pub mail: MailId,
}
