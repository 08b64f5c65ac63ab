//! What the shop already has of the things that a file speaks of.

use sqlx::PgExecutor;

use crate::base::{Instant, LocationId, MediaId, PriceListId, ProductId, VariantId};

/// A picture that came from an address.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Sourced {
    pub id: MediaId,
    pub source_url: String,
    pub alt: String,
}

pub async fn pictures(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<Sourced>> {
    sqlx::query_as("SELECT id, source_url, alt FROM media WHERE product_id = $1 AND source_url IS NOT NULL ORDER BY position, id")
        .bind(product)
        .fetch_all(db)
        .await
}

/// What the variants of a product cost at an instant: (variant, price, former price), in minor units.
pub async fn prices(db: impl PgExecutor<'_>, product: ProductId, list: PriceListId, at: Instant) -> sqlx::Result<Vec<(VariantId, i64, Option<i64>)>> {
    sqlx::query_as(
        "SELECT p.variant_id, p.amount_minor, p.compare_at_minor
           FROM prices p
           JOIN variants v ON v.id = p.variant_id
          WHERE v.product_id = $1 AND p.price_list_id = $2 AND p.valid @> $3",
    )
    .bind(product)
    .bind(list)
    .bind(at)
    .fetch_all(db)
    .await
}

/// How many pieces of a product's variants lie at a location.
pub async fn counted(db: impl PgExecutor<'_>, product: ProductId, location: LocationId) -> sqlx::Result<Vec<(VariantId, i32)>> {
    sqlx::query_as(
        "SELECT l.variant_id, l.on_hand
           FROM stock_levels l
           JOIN variants v ON v.id = l.variant_id
          WHERE v.product_id = $1 AND l.location_id = $2",
    )
    .bind(product)
    .bind(location)
    .fetch_all(db)
    .await
}

/// Which variants of the whole shop have these SKUs.
pub async fn owners(db: impl PgExecutor<'_>, skus: &[String]) -> sqlx::Result<Vec<(String, VariantId)>> {
    sqlx::query_as("SELECT sku, id FROM variants WHERE sku = ANY($1)").bind(skus).fetch_all(db).await
}
