//! A page that the merchant wrote, or an article of a blog.

use crate::base::{Handle, Instant, Language, PageId};
use crate::catalog::Picture;

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
    pub summary: String,
    pub shown_from: Option<Instant>,
    #[sqlx(json(nullable))]
    pub picture: Option<Picture>,
    /// Languages that have a page of this handle.
    pub languages: Vec<Language>,
}
