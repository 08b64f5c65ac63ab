//! Writing collections.

use sqlx::{PgConnection, PgExecutor};

use crate::base::{CollectionId, Handle, Instant, Language, MediaId, ProductId};
use crate::catalog::edit::CollectionEdit;

pub async fn insert(db: impl PgExecutor<'_>, id: CollectionId, edit: &CollectionEdit, at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO collections (id, is_active, position, updated_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(edit.is_active)
        .bind(edit.position)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Saves unless someone saved since; says whether it did.
pub async fn update(db: impl PgExecutor<'_>, id: CollectionId, version: i32, edit: &CollectionEdit, at: Instant) -> sqlx::Result<bool> {
    let done =
        sqlx::query("UPDATE collections SET is_active = $3, position = $4, version = version + 1, updated_at = $5 WHERE id = $1 AND version = $2")
            .bind(id)
            .bind(version)
            .bind(edit.is_active)
            .bind(edit.position)
            .bind(at)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The collection's own picture; the one that it had is deleted.
pub async fn set_media(db: &mut PgConnection, id: CollectionId, media: Option<MediaId>) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM media WHERE product_id IS NULL AND id = (SELECT media_id FROM collections WHERE id = $1)")
        .bind(id)
        .execute(&mut *db)
        .await?;
    sqlx::query("UPDATE collections SET media_id = $2 WHERE id = $1").bind(id).bind(media).execute(db).await.map(drop)
}

pub async fn touch(db: impl PgExecutor<'_>, id: CollectionId, at: Instant) -> sqlx::Result<()> {
    sqlx::query("UPDATE collections SET version = version + 1, updated_at = $2 WHERE id = $1").bind(id).bind(at).execute(db).await.map(drop)
}

pub async fn lock(db: impl PgExecutor<'_>, id: CollectionId) -> sqlx::Result<()> {
    sqlx::query_scalar("SELECT id FROM collections WHERE id = $1 FOR UPDATE").bind(id).fetch_one(db).await.map(|_: CollectionId| ())
}

pub async fn set_texts(db: impl PgExecutor<'_>, id: CollectionId, language: Language, edit: &CollectionEdit) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO collection_texts (collection_id, language, handle, title, description, description_html)
         VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT ON CONSTRAINT collection_texts_pkey DO UPDATE SET handle = $3, title = $4, description = $5, description_html = $6",
    )
    .bind(id)
    .bind(language)
    .bind(&edit.handle)
    .bind(&edit.title)
    .bind(&edit.description)
    .bind(&edit.description_html)
    .execute(db)
    .await
    .map(drop)
}

/// Whether another collection has or had the handle.
pub async fn is_handle_of_another(db: impl PgExecutor<'_>, id: CollectionId, language: Language, handle: &Handle) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM collection_texts WHERE language = $2 AND handle = $3 AND collection_id <> $1)
             OR EXISTS (SELECT 1 FROM collection_handles WHERE language = $2 AND handle = $3 AND collection_id <> $1)",
    )
    .bind(id)
    .bind(language)
    .bind(handle)
    .fetch_one(db)
    .await
}

/// The current handle becomes history, unless it is this one; this one is no longer history.
pub async fn retire_handle(db: &mut PgConnection, id: CollectionId, language: Language, new: &Handle) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO collection_handles (language, handle, collection_id)
         SELECT language, handle, collection_id FROM collection_texts WHERE collection_id = $1 AND language = $2 AND handle <> $3
             ON CONFLICT ON CONSTRAINT collection_handles_pkey DO NOTHING",
    )
    .bind(id)
    .bind(language)
    .bind(new)
    .execute(&mut *db)
    .await?;
    sqlx::query("DELETE FROM collection_handles WHERE language = $1 AND handle = $2").bind(language).bind(new).execute(db).await.map(drop)
}

/// What a collection holds, in this order; gives what it held.
pub async fn replace_products(db: &mut PgConnection, id: CollectionId, products: &[ProductId]) -> sqlx::Result<Vec<ProductId>> {
    let before =
        sqlx::query_scalar("DELETE FROM collection_products WHERE collection_id = $1 RETURNING product_id").bind(id).fetch_all(&mut *db).await?;
    sqlx::query(
        "INSERT INTO collection_products (collection_id, product_id, position)
         SELECT $1, x.id, x.place FROM unnest($2::uuid[]) WITH ORDINALITY AS x (id, place) JOIN products p ON p.id = x.id
             ON CONFLICT ON CONSTRAINT collection_products_pkey DO NOTHING",
    )
    .bind(id)
    .bind(products)
    .execute(db)
    .await?;
    Ok(before)
}

/// The collections that a product is in become exactly these; gives those that changed. New members go to the end.
pub async fn set_membership(db: &mut PgConnection, product: ProductId, collections: &[CollectionId]) -> sqlx::Result<Vec<CollectionId>> {
    let mut changed: Vec<CollectionId> =
        sqlx::query_scalar("DELETE FROM collection_products WHERE product_id = $1 AND collection_id <> ALL($2) RETURNING collection_id")
            .bind(product)
            .bind(collections)
            .fetch_all(&mut *db)
            .await?;
    let added: Vec<CollectionId> = sqlx::query_scalar(
        "INSERT INTO collection_products (collection_id, product_id, position)
         SELECT c.id, $1, (SELECT COALESCE(max(o.position), 0) + 1 FROM collection_products o WHERE o.collection_id = c.id)
           FROM collections c
          WHERE c.id = ANY($2)
             ON CONFLICT ON CONSTRAINT collection_products_pkey DO NOTHING
      RETURNING collection_id",
    )
    .bind(product)
    .bind(collections)
    .fetch_all(db)
    .await?;
    changed.extend(added);
    Ok(changed)
}
