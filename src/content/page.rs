//! A page that the merchant wrote.

use crate::base::{Handle, Instant, Language, PageId};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Page {
    pub id: PageId,
    /// Of the text; another than the reader's where it falls back.
    pub language: Language,
    pub handle: Handle,
    pub title: String,
    /// Clean HTML.
    pub body_html: String,
    pub updated_at: Instant,
    /// Languages that have a page of this handle.
    pub languages: Vec<Language>,
}
