//! Collections: products that are shown together, in the merchant's order.

use sqlx::PgConnection;

use super::{EditError, EditRefused};
use crate::base::{CollectionId, Handle, Instant, Language, MediaId, ProductId};
use crate::catalog::store::write::collections as store;
use crate::platform::invalidation;

/// What the merchant says of a collection, in one language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CollectionEdit {
    pub title: String,
    /// As typed: Markdown or HTML.
    pub description: String,
    /// The same, cleaned (`web::markdown::render`).
    #[serde(skip)]
    pub description_html: String,
    pub handle: Handle,
    pub is_active: bool,
    /// Place among the collections.
    pub position: i32,
}

/// A new collection without products.
pub async fn create_collection(tx: &mut PgConnection, language: Language, edit: &CollectionEdit, at: Instant) -> Result<CollectionId, EditError> {
    let id = CollectionId::fresh(at);
    store::insert(&mut *tx, id, edit, at).await?;
    take_handle(&mut *tx, id, language, &edit.handle).await?;
    store::set_texts(&mut *tx, id, language, edit).await?;
    changed(&mut *tx, id).await?;
    Ok(id)
}

/// Saves a collection that nobody saved since `version`; an old handle stays and leads to the new one.
pub async fn update_collection(
    tx: &mut PgConnection,
    id: CollectionId,
    version: i32,
    language: Language,
    edit: &CollectionEdit,
    at: Instant,
) -> Result<(), EditError> {
    if !store::update(&mut *tx, id, version, edit, at).await? {
        return Err(EditRefused::Stale.into());
    }
    take_handle(&mut *tx, id, language, &edit.handle).await?;
    store::set_texts(&mut *tx, id, language, edit).await?;
    Ok(changed(tx, id).await?)
}

/// The products of a collection, in this order, instead of those it had.
pub async fn set_products(tx: &mut PgConnection, id: CollectionId, products: &[ProductId], at: Instant) -> sqlx::Result<()> {
    store::lock(&mut *tx, id).await?;
    let before = store::replace_products(&mut *tx, id, products).await?;
    store::touch(&mut *tx, id, at).await?;
    // A product's page says what it is in: who came or went has another trail now.
    let moved = before.iter().filter(|known| !products.contains(known)).chain(products.iter().filter(|new| !before.contains(new)));
    let tags: Vec<String> = moved.map(|product| format!("product:{product}")).collect();
    invalidation::append(&mut *tx, &tags).await?;
    changed(tx, id).await
}

/// The collection's own picture instead of the one it had, which is deleted; `None` where that of its first product shall do.
pub async fn set_picture(tx: &mut PgConnection, id: CollectionId, media: Option<MediaId>, at: Instant) -> sqlx::Result<()> {
    store::lock(&mut *tx, id).await?;
    store::set_media(&mut *tx, id, media).await?;
    store::touch(&mut *tx, id, at).await?;
    shown_anew(tx, id).await
}

/// Its picture is another, or says something else: stale are the pages that show the collection, not every list of products.
pub async fn shown_anew(db: &mut PgConnection, id: CollectionId) -> sqlx::Result<()> {
    invalidation::append(db, &[format!("collection:{id}")]).await
}

/// The order after one product went a place up or down.
#[must_use]
pub fn move_product(mut products: Vec<ProductId>, product: ProductId, up: bool) -> Vec<ProductId> {
    if let Some(place) = products.iter().position(|id| *id == product) {
        let other = if up { place.saturating_sub(1) } else { (place + 1).min(products.len() - 1) };
        products.swap(place, other);
    }
    products
}

async fn take_handle(tx: &mut PgConnection, id: CollectionId, language: Language, handle: &Handle) -> Result<(), EditError> {
    if store::is_handle_of_another(&mut *tx, id, language, handle).await? {
        return Err(EditRefused::HandleTaken.into());
    }
    Ok(store::retire_handle(tx, id, language, handle).await?)
}

async fn changed(db: &mut PgConnection, id: CollectionId) -> sqlx::Result<()> {
    invalidation::append(db, &[format!("collection:{id}"), "listing".to_owned()]).await
}
