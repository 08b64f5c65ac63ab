//! Collections: products that the merchant shows together.

use super::media::Picture;
use crate::base::{CollectionId, Handle, Language};

/// A collection as a page shows it.
#[derive(Debug, Clone)]
pub struct Collection {
    pub id: CollectionId,
    /// The current handle, in the language of the text.
    pub handle: Handle,
    /// Language of the text; another than the reader's where it falls back.
    pub language: Language,
    pub title: String,
    pub description_html: String,
    /// Languages in which the collection has this very handle.
    pub languages: Vec<Language>,
    /// One of its own.
    pub picture: Option<Picture>,
}

/// The way to a collection.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CollectionLink {
    pub id: CollectionId,
    pub handle: Handle,
    pub title: String,
}

/// A collection among others: with a picture of its own or of its first product, and how many products the market shows in it.
#[derive(Debug, Clone)]
pub struct CollectionTile {
    pub id: CollectionId,
    pub handle: Handle,
    pub title: String,
    pub description_html: String,
    pub products: i64,
    pub picture: Option<Picture>,
}
