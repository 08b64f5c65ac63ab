//! Writing a page.

use sqlx::PgConnection;

use super::store::write as store;
use crate::base::{Handle, Instant, Language, PageId};
use crate::platform::invalidation;

/// What the merchant says on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEdit {
    pub handle: Handle,
    pub title: String,
    /// As typed: Markdown or HTML.
    pub body: String,
    /// The same, cleaned (`web::markdown::render`).
    pub body_html: String,
    pub is_in_footer: bool,
    pub position: i32,
}

/// A new page. The database refuses a handle that the language has already. Every page shows the footer, so all are stale.
pub async fn create(tx: &mut PgConnection, language: Language, edit: &PageEdit, at: Instant) -> sqlx::Result<PageId> {
    let id = PageId::fresh(at);
    store::insert(&mut *tx, id, language, edit, at).await?;
    invalidation::rules_changed(tx).await?;
    Ok(id)
}
