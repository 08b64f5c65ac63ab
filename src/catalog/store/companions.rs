//! Companions of products.

use sqlx::{PgConnection, PgExecutor};

use crate::base::{Language, ProductId};
use crate::catalog::edit::Status;

/// A companion as the page of its product in the admin shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Companion {
    pub id: ProductId,
    pub title: String,
    pub status: Status,
}

/// In the merchant's order.
pub async fn of(db: impl PgExecutor<'_>, product: ProductId, language: Language) -> sqlx::Result<Vec<Companion>> {
    sqlx::query_as(
        "SELECT p.id, COALESCE((SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language <> $2, language LIMIT 1), '–') AS title, p.status
           FROM product_companions c
           JOIN products p ON p.id = c.companion_id
          WHERE c.product_id = $1
          ORDER BY c.position, p.id",
    )
    .bind(product)
    .bind(language)
    .fetch_all(db)
    .await
}

pub async fn replace(db: &mut PgConnection, product: ProductId, companions: &[ProductId]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM product_companions WHERE product_id = $1").bind(product).execute(&mut *db).await?;
    sqlx::query(
        "INSERT INTO product_companions (product_id, companion_id, position)
         SELECT $1, x.id, x.place FROM unnest($2::uuid[]) WITH ORDINALITY AS x (id, place)",
    )
    .bind(product)
    .bind(companions)
    .execute(db)
    .await
    .map(drop)
}
