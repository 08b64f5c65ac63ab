//! SQL of lists and of the documents that words are matched against.

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::listing::{Card, Listing, Query, Which};
use super::words::{self, Typed};
use crate::base::{CollectionId, Instant, Language, ProductId};

/// A statement whose `matched (product_id, place)` are the products in question, smallest place first. Of those, what
/// the market shows and sells is counted, and one page of it made into cards.
/// $1 language, $2 fallback language, $3 market, $4 price list, $5 as of, $6 page size, $7 offset.
macro_rules! listing_sql {
    ($matched:literal) => {
        concat!(
            "WITH ",
            $matched,
            ", shown AS MATERIALIZED (
                 SELECT m.product_id, m.place
                   FROM matched m
                   JOIN products p ON p.id = m.product_id AND p.status = 'active'
                   JOIN publications b ON b.product_id = p.id AND b.market_id = $3 AND b.valid @> $5
                  WHERE EXISTS (SELECT 1
                                  FROM variants v
                                  JOIN prices q ON q.variant_id = v.id AND q.price_list_id = $4 AND q.valid @> $5
                                 WHERE v.product_id = p.id AND v.archived_at IS NULL)
                    AND EXISTS (SELECT 1 FROM product_texts t WHERE t.product_id = p.id AND t.language IN ($1, $2))),
             page AS (SELECT product_id, place FROM shown ORDER BY place, product_id DESC LIMIT $6 OFFSET $7)
             SELECT (SELECT count(*) FROM shown) AS total,
                    LEAST((SELECT min(lower(valid)) FROM prices WHERE price_list_id = $4 AND lower(valid) > $5 AND lower(valid) < 'infinity'),
                          (SELECT min(upper(valid)) FROM prices WHERE price_list_id = $4 AND upper(valid) > $5 AND upper(valid) < 'infinity'),
                          (SELECT min(lower(valid)) FROM publications WHERE market_id = $3 AND lower(valid) > $5 AND lower(valid) < 'infinity'),
                          (SELECT min(upper(valid)) FROM publications WHERE market_id = $3 AND upper(valid) > $5 AND upper(valid) < 'infinity')) AS until,
                    COALESCE((
                        SELECT jsonb_agg(jsonb_build_object('product', p.id, 'handle', h.handle, 'title', t.title, 'vendor', p.vendor,
                                   'tax_class', p.tax_class, 'picture', pic.picture, 'price_from', o.price_from, 'price_to', o.price_to,
                                   'compare_at', o.compare_at, 'available', o.available, 'is_endless', o.is_endless,
                                   'sells_when_empty', o.sells_when_empty) ORDER BY page.place, page.product_id DESC)
                          FROM page
                          JOIN products p ON p.id = page.product_id
                          JOIN LATERAL (SELECT title FROM product_texts
                                         WHERE product_id = p.id AND language IN ($1, $2) ORDER BY language = $1 DESC LIMIT 1) t ON true
                          JOIN LATERAL (SELECT handle FROM product_handles
                                         WHERE product_id = p.id AND is_current AND language IN ($1, $2) ORDER BY language = $1 DESC LIMIT 1) h ON true
                          LEFT JOIN LATERAL (SELECT jsonb_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height,
                                                    'widths', m.widths, 'formats', m.formats, 'alt', m.alt) AS picture
                                               FROM media m
                                              WHERE m.product_id = p.id AND m.state = 'ready' AND m.hash IS NOT NULL AND m.width > 0 AND m.height > 0
                                              ORDER BY m.position, m.id
                                              LIMIT 1) pic ON true
                          JOIN LATERAL (SELECT min(q.amount_minor) AS price_from, max(q.amount_minor) AS price_to,
                                               (array_agg(q.compare_at_minor ORDER BY q.amount_minor, v.position))[1] AS compare_at,
                                               bool_or(NOT v.is_tracked) AS is_endless, bool_or(v.sells_when_empty) AS sells_when_empty,
                                               COALESCE(sum(GREATEST(l.available, 0)), 0) AS available
                                          FROM variants v
                                          JOIN prices q ON q.variant_id = v.id AND q.price_list_id = $4 AND q.valid @> $5
                                          LEFT JOIN LATERAL (SELECT sum(on_hand - allocated) AS available FROM stock_levels WHERE variant_id = v.id) l ON true
                                         WHERE v.product_id = p.id AND v.archived_at IS NULL) o ON true
                    ), '[]') AS cards"
        )
    };
}

/// $8 collection.
const OF_COLLECTION: &str =
    listing_sql!("matched AS (SELECT product_id, position::double precision AS place FROM collection_products WHERE collection_id = $8)");

const NEWEST: &str = listing_sql!("matched AS (SELECT id AS product_id, -extract(epoch FROM created_at)::double precision AS place FROM products)");

/// $8 all words, $9 all but the last, $10 the last as a prefix, $11 configuration. Words that match nothing are taken
/// for misspelt and compared by their trigrams.
const OF_WORDS: &str = listing_sql!(
    "asked AS (
         SELECT websearch_to_tsquery($11::text::regconfig, $8) || websearch_to_tsquery('simple', $8)
                || CASE WHEN $10 = '' THEN ''::tsquery ELSE websearch_to_tsquery($11::text::regconfig, $9) && to_tsquery('simple', $10) END AS query),
     documents AS NOT MATERIALIZED (
         SELECT d.product_id, d.title, d.words
           FROM search_documents d
          WHERE d.language = $1
             OR d.language = $2 AND NOT EXISTS (SELECT 1 FROM search_documents o WHERE o.product_id = d.product_id AND o.language = $1)),
     found AS MATERIALIZED (
         SELECT product_id, -ts_rank(words, (SELECT query FROM asked))::double precision AS place
           FROM documents
          WHERE words @@ (SELECT query FROM asked)),
     matched AS (
         SELECT product_id, place FROM found
          UNION ALL
         SELECT product_id, -word_similarity($8, title)::double precision
           FROM documents
          WHERE NOT EXISTS (SELECT 1 FROM found) AND word_similarity($8, title) >= 0.4)"
);

/// A page of products. Pages start at 1; one past the end has no cards.
pub async fn listing(db: impl PgExecutor<'_>, query: &Query, as_of: Instant) -> sqlx::Result<Listing> {
    let offset = (query.page - 1).max(0).saturating_mul(query.page_size);
    let statement = match &query.which {
        Which::Collection(_) => OF_COLLECTION,
        Which::Newest => NEWEST,
        Which::Words(_) => OF_WORDS,
    };
    let asked = sqlx::query_as(statement)
        .bind(query.language)
        .bind(Language::english())
        .bind(query.market)
        .bind(query.price_list)
        .bind(as_of)
        .bind(query.page_size)
        .bind(offset);
    let asked = match &query.which {
        Which::Collection(id) => asked.bind::<CollectionId>(*id),
        Which::Newest => asked,
        Which::Words(text) => {
            let typed = Typed::read(text);
            asked.bind(typed.all).bind(typed.head).bind(typed.prefix).bind(words::configuration(query.language))
        }
    };
    let (total, until, cards): (i64, Option<Instant>, Json<Vec<Card>>) = asked.fetch_one(db).await?;
    Ok(Listing { cards: cards.0, total, page: query.page, page_size: query.page_size, until })
}

/// A product's documents, in the words of each language and as they are written (for names and article numbers).
/// $1 products, $2 languages and $3 their configurations.
const REFRESH: &str = "WITH told AS (
         SELECT t.product_id, t.language, t.title, COALESCE(c.configuration, 'simple')::text::regconfig AS configuration,
                concat_ws(' ', p.vendor, p.product_type, array_to_string(p.tags, ' '),
                    (SELECT string_agg(concat_ws(' ', v.sku, regexp_replace(v.sku, '[^[:alnum:]]', '', 'g')), ' ')
                       FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL),
                    (SELECT string_agg(array_to_string(v.values, ' '), ' ') FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL)) AS facts,
                regexp_replace(t.description_html, '<[^>]*>', ' ', 'g') AS description
           FROM products p
           JOIN product_texts t ON t.product_id = p.id
           LEFT JOIN unnest($2::text[], $3::text[]) AS c (language, configuration) ON c.language = t.language
          WHERE p.id = ANY($1)),
     gone AS (
         DELETE FROM search_documents d
          WHERE d.product_id = ANY($1) AND NOT EXISTS (SELECT 1 FROM told WHERE told.product_id = d.product_id AND told.language = d.language))
     INSERT INTO search_documents (product_id, language, title, words)
     SELECT product_id, language, title,
            setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector(configuration, title), 'A')
            || setweight(to_tsvector('simple', facts), 'B') || setweight(to_tsvector(configuration, facts), 'B')
            || setweight(to_tsvector(configuration, description), 'D')
       FROM told
         ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET title = EXCLUDED.title, words = EXCLUDED.words";

/// Writes a product's documents anew.
pub async fn refresh(db: &mut PgConnection, product: ProductId) -> sqlx::Result<()> {
    refresh_all(db, &[product]).await
}

/// The same for many: two statements, however many there are.
pub async fn refresh_all(db: &mut PgConnection, products: &[ProductId]) -> sqlx::Result<()> {
    let languages: Vec<Language> =
        sqlx::query_scalar("SELECT DISTINCT language FROM product_texts WHERE product_id = ANY($1)").bind(products).fetch_all(&mut *db).await?;
    sqlx::query(REFRESH)
        .bind(products)
        .bind(&languages)
        .bind(languages.iter().map(|language| words::configuration(*language)).collect::<Vec<_>>())
        .execute(db)
        .await
        .map(drop)
}
