//! SQL of the sitemap: only what is public in the market and written in the language.

use sqlx::PgExecutor;
use sqlx::types::Json;

use crate::base::{Instant, Language, MarketId, PriceListId};

/// A page that machines may know.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Inside the pair.
    pub path: String,
    pub changed_at: Instant,
    /// (hash, width) of its pictures.
    pub pictures: Vec<(String, i32)>,
}

/// Collections in which something is shown, pages, blogs and their articles, in this order.
pub async fn entries(db: impl PgExecutor<'_>, language: Language, market: MarketId, as_of: Instant) -> sqlx::Result<Vec<Entry>> {
    let rows: Vec<(String, Instant)> = sqlx::query_as(
        "SELECT path, changed_at
           FROM (SELECT 1 AS kind, c.position, '/collections/' || t.handle AS path, c.updated_at AS changed_at
                   FROM collections c
                   JOIN collection_texts t ON t.collection_id = c.id AND t.language = $1
                  WHERE c.is_active
                    AND EXISTS (SELECT 1
                                  FROM collection_products cp
                                  JOIN products p ON p.id = cp.product_id AND p.status = 'active'
                                  JOIN publications b ON b.product_id = p.id AND b.market_id = $2 AND b.valid @> $3
                                 WHERE cp.collection_id = c.id)
                  UNION ALL
                 SELECT 2, position, '/pages/' || handle, updated_at FROM pages WHERE language = $1 AND blog = '' AND NOT is_draft
                  UNION ALL
                 SELECT 3, 0, '/blogs/' || blog, max(updated_at) FROM pages WHERE language = $1 AND blog <> '' AND NOT is_draft AND shown_from <= $3 GROUP BY blog
                  UNION ALL
                 SELECT 4, 0, '/blogs/' || blog || '/' || handle, updated_at FROM pages WHERE language = $1 AND blog <> '' AND NOT is_draft AND shown_from <= $3) known
          ORDER BY kind, position, path",
    )
    .bind(language)
    .bind(market)
    .bind(as_of)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(path, changed_at)| Entry { path, changed_at, pictures: Vec::new() }).collect())
}

/// How many products the market shows and sells in the language.
pub async fn products_count(db: impl PgExecutor<'_>, language: Language, market: MarketId, list: PriceListId, as_of: Instant) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(*)
           FROM products p
           JOIN publications b ON b.product_id = p.id AND b.market_id = $2 AND b.valid @> $4
           JOIN product_handles h ON h.product_id = p.id AND h.language = $1 AND h.is_current
          WHERE p.status = 'active'
            AND EXISTS (SELECT 1 FROM variants v JOIN prices q ON q.variant_id = v.id AND q.price_list_id = $3 AND q.valid @> $4
                         WHERE v.product_id = p.id AND v.archived_at IS NULL)",
    )
    .bind(language)
    .bind(market)
    .bind(list)
    .bind(as_of)
    .fetch_one(db)
    .await
}

type ProductRow = (String, Instant, Json<Vec<(String, i32)>>);

/// Some of them, oldest first, with their pictures.
pub async fn products(
    db: impl PgExecutor<'_>,
    language: Language,
    (market, list): (MarketId, PriceListId),
    as_of: Instant,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Entry>> {
    let rows: Vec<ProductRow> = sqlx::query_as(
        "SELECT '/products/' || h.handle, p.updated_at,
                COALESCE((SELECT jsonb_agg(jsonb_build_array(m.hash, COALESCE((SELECT max(w) FROM unnest(m.widths) w WHERE w <= 1280), m.width)) ORDER BY m.position)
                            FROM media m
                           WHERE m.product_id = p.id AND m.state = 'ready' AND m.hash IS NOT NULL), '[]')
           FROM products p
           JOIN publications b ON b.product_id = p.id AND b.market_id = $2 AND b.valid @> $4
           JOIN product_handles h ON h.product_id = p.id AND h.language = $1 AND h.is_current
          WHERE p.status = 'active'
            AND EXISTS (SELECT 1 FROM variants v JOIN prices q ON q.variant_id = v.id AND q.price_list_id = $3 AND q.valid @> $4
                         WHERE v.product_id = p.id AND v.archived_at IS NULL)
          ORDER BY p.id
          LIMIT $5 OFFSET $6",
    )
    .bind(language)
    .bind(market)
    .bind(list)
    .bind(as_of)
    .bind(limit)
    .bind(offset)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(path, changed_at, pictures)| Entry { path, changed_at, pictures: pictures.0 }).collect())
}
