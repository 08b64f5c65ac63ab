//! A page that the merchant wrote, or an article of a blog.

use crate::base::{Handle, Instant, Language, PageId};
use crate::catalog::Picture;

/// Where this stands alone on a line of a page, the prices of delivery stand in the shop, as they are just now.
pub const DELIVERY_PRICES: &str = "[delivery-prices]";

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
