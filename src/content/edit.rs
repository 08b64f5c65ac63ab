//! Writing a page.

use sqlx::PgConnection;

use super::store::write as store;
use crate::base::{Handle, Instant, Language, MediaId, PageId};
use crate::platform::invalidation;

/// What the merchant says on a page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PageEdit {
    #[serde(serialize_with = "as_text")]
    pub handle: Handle,
    pub title: String,
    /// As typed: Markdown or HTML.
    pub body: String,
    /// The same, cleaned (`web::markdown::render`).
    #[serde(skip)]
    pub body_html: String,
    pub is_in_footer: bool,
    pub position: i32,
    /// The blog that it is an article of; empty for a page.
    pub blog: String,
    /// For lists and search engines.
    pub summary: String,
    /// An article is shown from then on; a page always.
    pub shown_from: Option<Instant>,
    /// The desk has it, the shop does not.
    pub is_draft: bool,
}

fn as_text<S: serde::Serializer>(handle: &Handle, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(handle)
}

/// Why a page was not saved.
#[derive(Debug, thiserror::Error)]
pub enum PageRefused {
    #[error("Somebody changed this since you opened it. What you typed is still here; please look and save again.")]
    Stale,
    #[error("Another page has this address. Please choose another.")]
    HandleTaken,
    #[error(transparent)]
    Db(sqlx::Error),
}

impl From<sqlx::Error> for PageRefused {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|fault| fault.constraint()) {
            Some("pages_language_blog_handle_key") => Self::HandleTaken,
            _ => Self::Db(error),
        }
    }
}

/// A new page. The database refuses a handle that the language has already. Every page shows the footer, so all are stale.
pub async fn create(tx: &mut PgConnection, language: Language, edit: &PageEdit, at: Instant) -> sqlx::Result<PageId> {
    let id = PageId::fresh(at);
    store::insert(&mut *tx, id, language, edit, at).await?;
    invalidation::rules_changed(tx).await?;
    Ok(id)
}

/// Saves a page that nobody saved since `version`.
pub async fn update(tx: &mut PgConnection, id: PageId, version: i32, edit: &PageEdit, at: Instant) -> Result<(), PageRefused> {
    if !store::update(&mut *tx, id, version, edit, at).await? {
        return Err(PageRefused::Stale);
    }
    changed(tx, id).await
}

/// Takes a page away for good.
pub async fn delete(tx: &mut PgConnection, id: PageId) -> Result<(), PageRefused> {
    store::delete(&mut *tx, id).await?;
    changed(tx, id).await
}

async fn changed(tx: &mut PgConnection, id: PageId) -> Result<(), PageRefused> {
    invalidation::append(&mut *tx, &[format!("page:{id}")]).await?;
    Ok(invalidation::rules_changed(tx).await?)
}

/// The picture of an article.
pub async fn set_picture(tx: &mut PgConnection, id: PageId, media: MediaId) -> Result<(), PageRefused> {
    store::set_media(&mut *tx, id, media).await?;
    changed(tx, id).await
}
