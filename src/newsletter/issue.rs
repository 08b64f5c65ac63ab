//! An issue of the newsletter: written, then sent once.

use sqlx::PgConnection;

use super::store::issues as store;
use crate::base::{Instant, IssueId, StaffId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    Draft,
    /// Letters are being written.
    Sending,
    /// Every letter is written; the last ones may still be on their way.
    Sent,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sending => "sending",
            Self::Sent => "sent",
        }
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Issue {
    pub id: IssueId,
    pub subject: String,
    /// As typed: Markdown or HTML.
    pub body: String,
    /// Clean HTML.
    pub body_html: String,
    pub state: State,
    pub created_at: Instant,
    pub started_at: Option<Instant>,
    pub sent_at: Option<Instant>,
    pub version: i32,
}

impl Issue {
    pub fn is_draft(&self) -> bool {
        self.state == State::Draft
    }
}

/// What somebody writes in an issue.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct IssueEdit {
    pub subject: String,
    pub body: String,
    #[serde(skip)]
    pub body_html: String,
}

/// Why an issue was not saved or sent.
#[derive(Debug, thiserror::Error)]
pub enum IssueRefused {
    #[error("Somebody changed or sent this since you opened it. Please look and try again.")]
    Stale,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

pub async fn create(db: &mut PgConnection, edit: &IssueEdit, by: StaffId, at: Instant) -> sqlx::Result<IssueId> {
    let id = IssueId::fresh(at);
    store::insert(db, id, edit, by, at).await?;
    Ok(id)
}

/// Saves a draft that nobody saved or sent since `version`.
pub async fn update(db: &mut PgConnection, id: IssueId, version: i32, edit: &IssueEdit) -> Result<(), IssueRefused> {
    if store::update(db, id, version, edit).await? { Ok(()) } else { Err(IssueRefused::Stale) }
}

/// Takes a draft away; what was sent stays, for people may ask about it.
pub async fn delete(db: &mut PgConnection, id: IssueId) -> Result<(), IssueRefused> {
    if store::delete(db, id).await? { Ok(()) } else { Err(IssueRefused::Stale) }
}
