//! Writing options and variants.

use sqlx::{PgConnection, PgExecutor};

use crate::base::{Instant, OptionId, ProductId, VariantId};
use crate::catalog::edit::VariantEdit;

/// Locks a product, so that its variants are changed by one at a time.
pub async fn lock_product(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<()> {
    sqlx::query_scalar("SELECT id FROM products WHERE id = $1 FOR UPDATE").bind(product).fetch_one(db).await.map(|_: ProductId| ())
}

/// How many options and living variants a product has.
pub async fn counts(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT (SELECT count(*) FROM product_options WHERE product_id = $1), (SELECT count(*) FROM variants WHERE product_id = $1 AND archived_at IS NULL)",
    )
    .bind(product)
    .fetch_one(db)
    .await
}

/// Those of some SKUs that other variants than `own` have.
pub async fn taken_skus(db: impl PgExecutor<'_>, skus: &[&str], own: &[VariantId]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT sku FROM variants WHERE sku = ANY($1) AND id <> ALL($2)").bind(skus).bind(own).fetch_all(db).await
}

/// The living variants of a product with their values.
pub async fn values(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<(VariantId, Vec<String>)>> {
    sqlx::query_as("SELECT id, values FROM variants WHERE product_id = $1 AND archived_at IS NULL ORDER BY position, id")
        .bind(product)
        .fetch_all(db)
        .await
}

pub async fn set_values(db: impl PgExecutor<'_>, values: &[(VariantId, Vec<String>)]) -> sqlx::Result<()> {
    let rows: Vec<serde_json::Value> = values.iter().map(|(id, values)| serde_json::json!({ "id": id, "list": values })).collect();
    sqlx::query(
        "UPDATE variants v
            SET values = ARRAY(SELECT e.value FROM jsonb_array_elements_text(x.list) WITH ORDINALITY AS e (value, place) ORDER BY e.place), version = v.version + 1
           FROM jsonb_to_recordset($1) AS x (id uuid, list jsonb)
          WHERE v.id = x.id",
    )
    .bind(sqlx::types::Json(rows))
    .execute(db)
    .await
    .map(drop)
}

/// Names in their order, instead of those there were.
pub async fn replace_options(db: &mut PgConnection, product: ProductId, names: &[String], at: Instant) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM product_options WHERE product_id = $1").bind(product).execute(&mut *db).await?;
    let ids: Vec<OptionId> = names.iter().map(|_| OptionId::fresh(at)).collect();
    sqlx::query(
        "INSERT INTO product_options (id, product_id, position, name)
         SELECT o.id, $1, o.place, o.name
           FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS o (id, name, place)",
    )
    .bind(product)
    .bind(ids)
    .bind(names)
    .execute(db)
    .await
    .map(drop)
}

pub async fn insert(db: impl PgExecutor<'_>, id: VariantId, product: ProductId, edit: &VariantEdit, number: Option<i64>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO variants (id, product_id, number, position, values, sku, barcode, weight_grams, requires_shipping, is_tracked, sells_when_empty,
                               cost_minor, hs_code, origin_country, media_id)
         VALUES ($1, $2, COALESCE($3, nextval('variant_numbers')), (SELECT COALESCE(max(position), 0) + 1 FROM variants WHERE product_id = $2),
                 $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id)
    .bind(product)
    .bind(number)
    .bind(&edit.values)
    .bind(&edit.sku)
    .bind(&edit.barcode)
    .bind(edit.weight_grams)
    .bind(edit.requires_shipping)
    .bind(edit.is_tracked)
    .bind(edit.sells_when_empty)
    .bind(edit.cost_minor)
    .bind(&edit.hs_code)
    .bind(edit.origin_country)
    .bind(edit.media)
    .execute(db)
    .await
    .map(drop)
}

/// Everything but the values. A picture must be one of the product's own.
pub async fn update(db: impl PgExecutor<'_>, id: VariantId, edit: &VariantEdit) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE variants v
            SET sku = $2, barcode = $3, weight_grams = $4, requires_shipping = $5, is_tracked = $6, sells_when_empty = $7, cost_minor = $8,
                hs_code = $9, origin_country = $10, media_id = (SELECT m.id FROM media m WHERE m.id = $11 AND m.product_id = v.product_id),
                version = v.version + 1
          WHERE v.id = $1",
    )
    .bind(id)
    .bind(&edit.sku)
    .bind(&edit.barcode)
    .bind(edit.weight_grams)
    .bind(edit.requires_shipping)
    .bind(edit.is_tracked)
    .bind(edit.sells_when_empty)
    .bind(edit.cost_minor)
    .bind(&edit.hs_code)
    .bind(edit.origin_country)
    .bind(edit.media)
    .execute(db)
    .await
    .map(drop)
}

pub async fn set_archived(db: impl PgExecutor<'_>, id: VariantId, at: Option<Instant>) -> sqlx::Result<()> {
    sqlx::query("UPDATE variants SET archived_at = $2, version = version + 1 WHERE id = $1").bind(id).bind(at).execute(db).await.map(drop)
}
