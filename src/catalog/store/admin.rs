//! What the admin's pages of the catalogue show.

mod collections;

pub use collections::{Collection, collection, collections, collections_of, lock_collection, members, picture_of};

use sqlx::PgExecutor;

use crate::base::{Country, Handle, Instant, Language, MarketId, MediaId, ProductId, VariantId};
use crate::catalog::edit::Status;

/// A product in the admin's list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    pub id: ProductId,
    pub title: String,
    pub status: Status,
    pub vendor: String,
    pub updated_at: Instant,
    pub picture: Option<String>,
    /// The living ones.
    pub variants: Vec<VariantId>,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Part of a title, vendor or SKU; empty for all.
    pub words: &'a str,
    pub status: Option<Status>,
    /// The last one of the page before.
    pub after: Option<(Instant, ProductId)>,
    pub limit: i64,
}

pub async fn list(db: impl PgExecutor<'_>, language: Language, filter: &Filter<'_>) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as(
        "SELECT p.id, COALESCE(t.title, '–') AS title, p.status, p.vendor, p.updated_at,
                ARRAY(SELECT v.id FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL ORDER BY v.position) AS variants,
                (SELECT '/media/' || m.hash || '/' || m.widths[1] || '.jpg' FROM media m WHERE m.product_id = p.id AND m.state = 'ready' ORDER BY m.position LIMIT 1) AS picture
           FROM products p
           LEFT JOIN LATERAL (SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language <> $1, language LIMIT 1) t ON true
          WHERE ($2 = '' OR folded(t.title) LIKE folded($2) OR folded(p.vendor) LIKE folded($2) OR EXISTS (SELECT 1 FROM variants s WHERE s.product_id = p.id AND s.sku ILIKE $2))
            AND ($3::text IS NULL OR p.status = $3)
            AND ($4::timestamptz IS NULL OR (p.updated_at, p.id) < ($4, $5))
          ORDER BY p.updated_at DESC, p.id DESC
          LIMIT $6",
    )
    .bind(language)
    .bind(like(filter.words))
    .bind(filter.status)
    .bind(filter.after.map(|(at, _)| at))
    .bind(filter.after.map(|(_, id)| id))
    .bind(filter.limit)
    .fetch_all(db)
    .await
}

/// A variant that a search found, with the name of its product.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Found {
    pub id: VariantId,
    pub product_id: ProductId,
    pub title: String,
    pub values: Vec<String>,
    pub sku: Option<String>,
    /// It, or its product, was put away.
    pub is_archived: bool,
}

/// Variants that all words of a search are found in, whether in title, values, SKU or barcode; a whole SKU comes first.
pub async fn search_variants(db: impl PgExecutor<'_>, language: Language, words: &str, limit: i64) -> sqlx::Result<Vec<Found>> {
    let patterns: Vec<String> = words.split_whitespace().map(like).collect();
    sqlx::query_as(
        "SELECT v.id, v.product_id, COALESCE(t.title, '–') AS title, v.values, v.sku, v.archived_at IS NOT NULL OR p.status = 'archived' AS is_archived
           FROM variants v
           JOIN products p ON p.id = v.product_id
           LEFT JOIN LATERAL (SELECT title FROM product_texts WHERE product_id = p.id ORDER BY language <> $1, language LIMIT 1) t ON true
          WHERE folded(concat_ws(' ', t.title, array_to_string(v.values, ' '), v.sku, v.barcode)) LIKE ALL (SELECT folded(part) FROM unnest($2::text[]) AS part)
          ORDER BY lower(v.sku) IS NOT DISTINCT FROM lower($3) DESC, is_archived, t.title, v.position, v.id
          LIMIT $4",
    )
    .bind(language)
    .bind(patterns)
    .bind(words)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// A pattern that finds a text anywhere, whatever signs are in it; empty for an empty text.
fn like(words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// A product as its page in the admin shows it, in one language.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Shown {
    pub id: ProductId,
    pub version: i32,
    pub status: Status,
    pub vendor: String,
    pub product_type: String,
    pub tags: Vec<String>,
    pub tax_class: String,
    pub title: String,
    pub description: String,
    pub description_html: String,
    pub seo_title: String,
    pub seo_description: String,
    pub handle: Option<Handle>,
}

pub async fn find(db: impl PgExecutor<'_>, id: ProductId, language: Language) -> sqlx::Result<Option<Shown>> {
    sqlx::query_as(
        "SELECT p.id, p.version, p.status, p.vendor, p.product_type, p.tags, p.tax_class, COALESCE(t.title, '') AS title,
                COALESCE(t.description, '') AS description, COALESCE(t.description_html, '') AS description_html,
                COALESCE(t.seo_title, '') AS seo_title, COALESCE(t.seo_description, '') AS seo_description, h.handle
           FROM products p
           LEFT JOIN product_texts t ON t.product_id = p.id AND t.language = $2
           LEFT JOIN product_handles h ON h.product_id = p.id AND h.language = $2 AND h.is_current
          WHERE p.id = $1",
    )
    .bind(id)
    .bind(language)
    .fetch_optional(db)
    .await
}

/// Locks a product until the transaction ends; gives its version.
pub async fn lock(db: impl PgExecutor<'_>, id: ProductId) -> sqlx::Result<i32> {
    sqlx::query_scalar("SELECT version FROM products WHERE id = $1 FOR UPDATE").bind(id).fetch_one(db).await
}

/// Locks products until the transaction ends, in one order for everybody; gives the status of those that there are.
pub async fn lock_all(db: impl PgExecutor<'_>, ids: &[ProductId]) -> sqlx::Result<Vec<(ProductId, Status)>> {
    sqlx::query_as("SELECT id, status FROM products WHERE id = ANY($1) ORDER BY id FOR UPDATE").bind(ids).fetch_all(db).await
}

/// A variant as the admin shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Variant {
    pub id: VariantId,
    pub product_id: ProductId,
    pub number: i64,
    pub values: Vec<String>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub weight_grams: i32,
    pub requires_shipping: bool,
    pub is_tracked: bool,
    pub sells_when_empty: bool,
    pub cost_minor: Option<i64>,
    pub hs_code: Option<String>,
    pub origin_country: Option<Country>,
    pub media_id: Option<MediaId>,
    pub archived_at: Option<Instant>,
}

impl Variant {
    /// "Small / red".
    pub fn title(&self) -> String {
        if self.values.is_empty() { "Standard".to_owned() } else { self.values.join(" / ") }
    }
}

/// All variants of a product, those that were put away last.
pub async fn variants(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<Variant>> {
    sqlx::query_as(
        "SELECT id, product_id, number, values, sku, barcode, weight_grams, requires_shipping, is_tracked, sells_when_empty, cost_minor, hs_code,
                origin_country, media_id, archived_at
           FROM variants
          WHERE product_id = $1
          ORDER BY archived_at IS NOT NULL, position, id",
    )
    .bind(product)
    .fetch_all(db)
    .await
}

pub async fn variant(db: impl PgExecutor<'_>, id: VariantId) -> sqlx::Result<Option<Variant>> {
    sqlx::query_as(
        "SELECT id, product_id, number, values, sku, barcode, weight_grams, requires_shipping, is_tracked, sells_when_empty, cost_minor, hs_code,
                origin_country, media_id, archived_at
           FROM variants
          WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

pub async fn option_names(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT name FROM product_options WHERE product_id = $1 ORDER BY position").bind(product).fetch_all(db).await
}

/// A picture as the admin shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Picture {
    pub id: MediaId,
    pub alt: String,
    pub state: String,
    pub error: Option<String>,
    /// Address of the smallest size, where it is ready.
    pub src: Option<String>,
}

pub async fn pictures(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<Picture>> {
    sqlx::query_as(
        "SELECT id, alt, state, error, '/media/' || hash || '/' || widths[1] || '.jpg' AS src
           FROM media
          WHERE product_id = $1
          ORDER BY position, id",
    )
    .bind(product)
    .fetch_all(db)
    .await
}

/// Where and when a product is published, and may be.
pub async fn publications(db: impl PgExecutor<'_>, product: ProductId) -> sqlx::Result<Vec<(MarketId, Instant, Option<Instant>)>> {
    sqlx::query_as("SELECT market_id, lower(valid), upper(valid) FROM publications WHERE product_id = $1 ORDER BY lower(valid)")
        .bind(product)
        .fetch_all(db)
        .await
}
