//! Collections as the admin's pages show them.

use sqlx::PgExecutor;

use super::Picture;
use crate::base::{CollectionId, Language, ProductId};
use crate::catalog::edit::Status;

/// A collection in the admin.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Collection {
    pub id: CollectionId,
    pub version: i32,
    pub is_active: bool,
    pub position: i32,
    pub title: String,
    pub handle: String,
    pub description: String,
    pub products: i64,
}

pub async fn collections(db: impl PgExecutor<'_>, language: Language) -> sqlx::Result<Vec<Collection>> {
    sqlx::query_as(
        "SELECT c.id, c.version, c.is_active, c.position, COALESCE(t.title, '–') AS title, COALESCE(t.handle, '') AS handle, COALESCE(t.description, '') AS description,
                (SELECT count(*) FROM collection_products p WHERE p.collection_id = c.id) AS products
           FROM collections c
           LEFT JOIN collection_texts t ON t.collection_id = c.id AND t.language = $1
          ORDER BY c.position, title",
    )
    .bind(language)
    .fetch_all(db)
    .await
}

pub async fn collection(db: impl PgExecutor<'_>, id: CollectionId, language: Language) -> sqlx::Result<Option<Collection>> {
    sqlx::query_as(
        "SELECT c.id, c.version, c.is_active, c.position, COALESCE(t.title, '') AS title, COALESCE(t.handle, '') AS handle, COALESCE(t.description, '') AS description,
                (SELECT count(*) FROM collection_products p WHERE p.collection_id = c.id) AS products
           FROM collections c
           LEFT JOIN collection_texts t ON t.collection_id = c.id AND t.language = $2
          WHERE c.id = $1",
    )
    .bind(id)
    .bind(language)
    .fetch_optional(db)
    .await
}

/// Locks a collection until the transaction ends.
pub async fn lock_collection(db: impl PgExecutor<'_>, id: CollectionId) -> sqlx::Result<()> {
    sqlx::query_scalar("SELECT id FROM collections WHERE id = $1 FOR UPDATE").bind(id).fetch_one(db).await.map(|_: CollectionId| ())
}

pub async fn collections_of(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<CollectionId>> {
    sqlx::query_scalar("SELECT collection_id FROM collection_products WHERE product_id = $1").bind(product).fetch_all(db).await
}

/// The products of a collection in its order: id, title, status.
pub async fn members(db: impl PgExecutor<'_>, id: CollectionId, language: Language) -> sqlx::Result<Vec<(ProductId, String, Status)>> {
    sqlx::query_as(
        "SELECT p.id, COALESCE((SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language <> $2, language LIMIT 1), '–'), p.status
           FROM collection_products c
           JOIN products p ON p.id = c.product_id
          WHERE c.collection_id = $1
          ORDER BY c.position, p.id",
    )
    .bind(id)
    .bind(language)
    .fetch_all(db)
    .await
}

/// The collection's own picture.
pub async fn picture_of(db: impl PgExecutor<'_>, id: CollectionId) -> sqlx::Result<Option<Picture>> {
    sqlx::query_as(
        "SELECT m.id, m.alt, m.state, m.error, '/media/' || m.hash || '/' || m.widths[1] || '.jpg' AS src
           FROM collections c
           JOIN media m ON m.id = c.media_id
          WHERE c.id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}
