//! What visitors see: one statement per question. A text that is missing in the reader's language falls back to English.

use sqlx::PgExecutor;
use sqlx::types::Json;

use crate::base::{CollectionId, Handle, Instant, Language, MarketId, ProductId};
use crate::catalog::collection::{Collection, CollectionLink, CollectionTile};
use crate::catalog::media::Picture;
use crate::catalog::product::{Product, Variant};

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: ProductId,
    handle: Handle,
    language: Language,
    title: String,
    description_html: String,
    seo_title: String,
    seo_description: String,
    vendor: String,
    product_type: String,
    tax_class: String,
    updated_at: Instant,
    options: Vec<String>,
    variants: Json<Vec<Variant>>,
    pictures: Json<Vec<Picture>>,
    collections: Json<Vec<CollectionLink>>,
    companions: Vec<ProductId>,
    languages: Vec<Language>,
    markets: Vec<MarketId>,
    until: Option<Instant>,
}

/// The product that has or had this handle and that the market shows at `as_of`. Where [`Product::handle`] is another
/// than the one asked for, the page has moved there.
pub async fn by_handle(
    db: impl PgExecutor<'_>,
    language: Language,
    market: MarketId,
    handle: &Handle,
    as_of: Instant,
) -> sqlx::Result<Option<Product>> {
    let row: Option<ProductRow> = sqlx::query_as(
        "SELECT p.id, h.handle, t.language, t.title, t.description_html, t.seo_title, t.seo_description, p.vendor, p.product_type, p.tax_class, p.updated_at,
                ARRAY(SELECT o.name FROM product_options o WHERE o.product_id = p.id ORDER BY o.position) AS options,
                COALESCE((SELECT json_agg(json_build_object('id', v.id, 'number', v.number, 'values', v.values, 'sku', v.sku, 'barcode', v.barcode,
                                 'weight_grams', v.weight_grams, 'requires_shipping', v.requires_shipping, 'is_tracked', v.is_tracked,
                                 'sells_when_empty', v.sells_when_empty, 'media_id', v.media_id) ORDER BY v.position, v.number)
                            FROM variants v
                           WHERE v.product_id = p.id AND v.archived_at IS NULL), '[]') AS variants,
                COALESCE((SELECT json_agg(json_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height, 'widths', m.widths,
                                 'formats', m.formats, 'alt', m.alt) ORDER BY m.position, m.id)
                            FROM media m
                           WHERE m.product_id = p.id AND m.state = 'ready' AND m.hash IS NOT NULL AND m.width > 0 AND m.height > 0), '[]') AS pictures,
                COALESCE((SELECT json_agg(json_build_object('id', c.id, 'handle', x.handle, 'title', x.title) ORDER BY c.position, c.id)
                            FROM collection_products cp
                            JOIN collections c ON c.id = cp.collection_id AND c.is_active
                            JOIN LATERAL (SELECT handle, title FROM collection_texts
                                           WHERE collection_id = c.id AND language IN ($1, $5)
                                           ORDER BY language = $1 DESC LIMIT 1) x ON true
                           WHERE cp.product_id = p.id), '[]') AS collections,
                ARRAY(SELECT w.companion_id FROM product_companions w WHERE w.product_id = p.id ORDER BY w.position, w.companion_id) AS companions,
                ARRAY(SELECT o.language FROM product_handles o WHERE o.product_id = p.id AND o.is_current AND o.handle = h.handle) AS languages,
                ARRAY(SELECT DISTINCT b.market_id FROM publications b WHERE b.product_id = p.id AND b.valid @> $4) AS markets,
                (SELECT min(bound.at)
                   FROM publications b
                  CROSS JOIN LATERAL (VALUES (lower(b.valid)), (upper(b.valid))) bound (at)
                  WHERE b.product_id = p.id AND bound.at > $4 AND isfinite(bound.at)) AS until
           FROM (SELECT product_id FROM product_handles WHERE handle = $3 AND language IN ($1, $5) ORDER BY language = $1 DESC LIMIT 1) f
           JOIN products p ON p.id = f.product_id AND p.status = 'active'
           JOIN LATERAL (SELECT * FROM product_texts WHERE product_id = p.id AND language IN ($1, $5) ORDER BY language = $1 DESC LIMIT 1) t ON true
           JOIN LATERAL (SELECT handle FROM product_handles
                          WHERE product_id = p.id AND is_current AND language IN ($1, $5)
                          ORDER BY language = $1 DESC LIMIT 1) h ON true
          WHERE EXISTS (SELECT 1 FROM publications b WHERE b.product_id = p.id AND b.market_id = $2 AND b.valid @> $4)",
    )
    .bind(language)
    .bind(market)
    .bind(handle)
    .bind(as_of)
    .bind(Language::english())
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Product {
        id: row.id,
        handle: row.handle,
        language: row.language,
        title: row.title,
        description_html: row.description_html,
        seo_title: row.seo_title,
        seo_description: row.seo_description,
        vendor: row.vendor,
        product_type: row.product_type,
        tax_class: row.tax_class,
        updated_at: row.updated_at,
        options: row.options,
        variants: row.variants.0,
        pictures: row.pictures.0,
        collections: row.collections.0,
        companions: row.companions,
        languages: row.languages,
        markets: row.markets,
        until: row.until,
    }))
}

#[derive(sqlx::FromRow)]
struct CollectionRow {
    id: CollectionId,
    handle: Handle,
    language: Language,
    title: String,
    description_html: String,
    languages: Vec<Language>,
    picture: Option<Json<Picture>>,
}

/// The collection that has or had this handle. Where [`Collection::handle`] is another than the one asked for, the page
/// has moved there.
pub async fn collection_by_handle(db: impl PgExecutor<'_>, language: Language, handle: &Handle) -> sqlx::Result<Option<Collection>> {
    let row: Option<CollectionRow> = sqlx::query_as(
        "SELECT c.id, t.handle, t.language, t.title, t.description_html,
                ARRAY(SELECT o.language FROM collection_texts o WHERE o.collection_id = c.id AND o.handle = t.handle) AS languages,
                (SELECT json_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height, 'widths', m.widths,
                                           'formats', m.formats, 'alt', m.alt)
                   FROM media m
                  WHERE m.id = c.media_id AND m.state = 'ready' AND m.hash IS NOT NULL AND m.width > 0 AND m.height > 0) AS picture
           FROM (SELECT collection_id
                   FROM (SELECT collection_id, language, true AS is_current FROM collection_texts WHERE handle = $2 AND language IN ($1, $3)
                          UNION ALL
                         SELECT collection_id, language, false FROM collection_handles WHERE handle = $2 AND language IN ($1, $3)) known
                  ORDER BY is_current DESC, language = $1 DESC
                  LIMIT 1) f
           JOIN collections c ON c.id = f.collection_id AND c.is_active
           JOIN LATERAL (SELECT * FROM collection_texts WHERE collection_id = c.id AND language IN ($1, $3) ORDER BY language = $1 DESC LIMIT 1) t ON true",
    )
    .bind(language)
    .bind(handle)
    .bind(Language::english())
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Collection {
        id: row.id,
        handle: row.handle,
        language: row.language,
        title: row.title,
        description_html: row.description_html,
        languages: row.languages,
        picture: row.picture.map(|json| json.0),
    }))
}

#[derive(sqlx::FromRow)]
struct TileRow {
    id: CollectionId,
    handle: Handle,
    title: String,
    description_html: String,
    products: i64,
    picture: Option<Json<Picture>>,
}

/// The collections in which the market shows something at `as_of`, in their order.
pub async fn collections(db: impl PgExecutor<'_>, language: Language, market: MarketId, as_of: Instant) -> sqlx::Result<Vec<CollectionTile>> {
    let rows: Vec<TileRow> = sqlx::query_as(
        "SELECT c.id, t.handle, t.title, t.description_html, n.products, pic.picture
           FROM collections c
           JOIN LATERAL (SELECT * FROM collection_texts WHERE collection_id = c.id AND language IN ($1, $4) ORDER BY language = $1 DESC LIMIT 1) t ON true
           JOIN LATERAL (SELECT count(*) AS products
                           FROM collection_products cp
                           JOIN products p ON p.id = cp.product_id AND p.status = 'active'
                          WHERE cp.collection_id = c.id
                            AND EXISTS (SELECT 1 FROM publications b WHERE b.product_id = p.id AND b.market_id = $2 AND b.valid @> $3)) n ON true
           LEFT JOIN LATERAL (SELECT json_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height, 'widths', m.widths,
                                     'formats', m.formats, 'alt', m.alt) AS picture
                                FROM (SELECT c.media_id AS media_id, NULL::uuid AS product_id, 0 AS place
                                       UNION ALL
                                      SELECT NULL, p.id, cp.position
                                        FROM collection_products cp
                                        JOIN products p ON p.id = cp.product_id AND p.status = 'active'
                                       WHERE cp.collection_id = c.id
                                         AND EXISTS (SELECT 1 FROM publications b WHERE b.product_id = p.id AND b.market_id = $2 AND b.valid @> $3)) o
                                JOIN media m ON (m.id = o.media_id OR m.product_id = o.product_id) AND m.state = 'ready' AND m.hash IS NOT NULL AND m.width > 0 AND m.height > 0
                               ORDER BY o.media_id IS NULL, o.place, m.position
                               LIMIT 1) pic ON true
          WHERE c.is_active AND n.products > 0
          ORDER BY c.position, t.title",
    )
    .bind(language)
    .bind(market)
    .bind(as_of)
    .bind(Language::english())
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| CollectionTile {
            id: row.id,
            handle: row.handle,
            title: row.title,
            description_html: row.description_html,
            products: row.products,
            picture: row.picture.map(|json| json.0),
        })
        .collect())
}

/// Keys of the originals of all pictures. Everything else is made of them again by whoever asks first.
pub async fn originals(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT DISTINCT original FROM media WHERE original IS NOT NULL ORDER BY original").fetch_all(db).await
}

/// Keys of all files of pictures: originals, and what was made of them.
pub async fn files(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT original FROM media WHERE original IS NOT NULL
          UNION
         SELECT 'media/' || hash || '/' || w.width || '.' || f.format
           FROM media
          CROSS JOIN unnest(widths) AS w (width)
          CROSS JOIN unnest(formats) AS f (format)
          WHERE hash IS NOT NULL",
    )
    .fetch_all(db)
    .await
}
