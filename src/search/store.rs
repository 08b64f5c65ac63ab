//! SQL of lists and of the documents that words are matched against.

mod documents;

pub use documents::{refresh, refresh_all};

use sqlx::PgExecutor;
use sqlx::types::Json;

use super::filter::{Facets, Switch};
use super::listing::{Card, Listing, Query, RELATED, Which};
use super::words::Typed;
use crate::base::{CollectionId, Instant, Language};

/// Cards of `page (product_id, rank, lead_number, lead_media)`, in the order of rank.
/// $1 language, $2 fallback language, $4 price list, $5 as of.
///
/// `OFFSET 0` keeps the prices behind their variants: where the moment is not known yet (a plan for any values), the planner
/// takes the whole list's prices of that moment for one row, begins with them, and looks through all variants for each.
macro_rules! cards_sql {
    () => {
        "COALESCE((
             SELECT json_agg(json_build_object('product', p.id, 'handle', h.handle, 'title', t.title, 'vendor', p.vendor,
                        'tax_class', p.tax_class, 'pictures', pic.pictures, 'variant', page.lead_number, 'price_from', o.price_from,
                        'price_to', o.price_to, 'compare_at', o.compare_at, 'available', o.available, 'is_endless', o.is_endless,
                        'sells_when_empty', o.sells_when_empty) ORDER BY page.rank, page.product_id DESC)
               FROM page
               JOIN products p ON p.id = page.product_id
               JOIN LATERAL (SELECT title FROM product_texts
                              WHERE product_id = p.id AND language IN ($1, $2) ORDER BY language = $1 DESC LIMIT 1) t ON true
               JOIN LATERAL (SELECT handle FROM product_handles
                              WHERE product_id = p.id AND is_current AND language IN ($1, $2) ORDER BY language = $1 DESC LIMIT 1) h ON true
               JOIN LATERAL (SELECT COALESCE(json_agg(json_build_object('id', m.id, 'hash', m.hash, 'width', m.width, 'height', m.height,
                                       'widths', m.widths, 'formats', m.formats, 'alt', m.alt) ORDER BY m.is_lead DESC, m.position, m.id), '[]') AS pictures
                               FROM (SELECT *, id IS NOT DISTINCT FROM page.lead_media AS is_lead
                                       FROM media
                                      WHERE product_id = p.id AND state = 'ready' AND hash IS NOT NULL AND width > 0 AND height > 0
                                      ORDER BY is_lead DESC, position, id
                                      LIMIT 2) m) pic ON true
               JOIN LATERAL (SELECT min(q.amount_minor) AS price_from, max(q.amount_minor) AS price_to,
                                    (array_agg(q.compare_at_minor ORDER BY q.amount_minor, v.position))[1] AS compare_at,
                                    bool_or(NOT v.is_tracked) AS is_endless, bool_or(v.sells_when_empty) AS sells_when_empty,
                                    COALESCE(sum(GREATEST(l.available, 0)), 0) AS available
                               FROM variants v
                               JOIN LATERAL (SELECT amount_minor, compare_at_minor FROM prices
                                              WHERE variant_id = v.id AND price_list_id = $4 AND valid @> $5 OFFSET 0) q ON true
                               LEFT JOIN LATERAL (SELECT sum(on_hand - allocated) AS available FROM stock_levels WHERE variant_id = v.id) l ON true
                              WHERE v.product_id = p.id AND v.archived_at IS NULL) o ON true
         ), '[]') AS cards"
    };
}

/// When any price or publication of the market next begins or ends. $3 market, $4 price list, $5 as of.
macro_rules! until_sql {
    () => {
        "LEAST((SELECT min(lower(valid)) FROM prices WHERE price_list_id = $4 AND lower(valid) > $5 AND lower(valid) < 'infinity'),
               (SELECT min(upper(valid)) FROM prices WHERE price_list_id = $4 AND upper(valid) > $5 AND upper(valid) < 'infinity'),
               (SELECT min(lower(valid)) FROM publications WHERE market_id = $3 AND lower(valid) > $5 AND lower(valid) < 'infinity'),
               (SELECT min(upper(valid)) FROM publications WHERE market_id = $3 AND upper(valid) > $5 AND upper(valid) < 'infinity')) AS until"
    };
}

/// Is product `p` shown and sold? Asked of one product after the other (`OFFSET 0`), where a list ends after a few of many.
/// $1 language, $2 fallback language, $3 market, $4 price list, $5 as of.
macro_rules! is_sold_sql {
    () => {
        "p.status = 'active'
         AND EXISTS (SELECT 1 FROM publications b WHERE b.product_id = p.id AND b.market_id = $3 AND b.valid @> $5 OFFSET 0)
         AND EXISTS (SELECT 1 FROM product_texts t WHERE t.product_id = p.id AND t.language IN ($1, $2) OFFSET 0)
         AND EXISTS (SELECT 1
                       FROM variants v
                      CROSS JOIN LATERAL (SELECT 1 FROM prices q WHERE q.variant_id = v.id AND q.price_list_id = $4 AND q.valid @> $5 OFFSET 0) q
                      WHERE v.product_id = p.id AND v.archived_at IS NULL OFFSET 0)"
    };
}

/// A statement whose `matched (product_id, place)` are the products in question, smallest place first. Of those, what
/// the market shows and sells is counted, and one page of it made into cards.
/// $1 language, $2 fallback language, $3 market, $4 price list, $5 as of, $6 page size, $7 offset.
macro_rules! listing_sql {
    ($matched:expr) => {
        concat!(
            "WITH ",
            $matched,
            ", shown AS MATERIALIZED (
                 SELECT m.product_id, m.place FROM matched m JOIN products p ON p.id = m.product_id AND ",
            is_sold_sql!(),
            "),
             page AS (SELECT product_id, place AS rank, NULL::bigint AS lead_number, NULL::uuid AS lead_media
                        FROM shown ORDER BY place, product_id DESC LIMIT $6 OFFSET $7)
             SELECT (SELECT count(*) FROM shown) AS total, ",
            until_sql!(),
            ", NULL::json AS facets, ",
            cards_sql!()
        )
    };
}

/// The same with a filter over variants, and with what could be chosen: a value is counted as if nothing else of its own
/// option were chosen. A variant belongs to the list where it misses none of what is chosen.
/// $8 options and $9 values chosen, side by side and in lower case; $10 only what can be had, $11 only what is reduced,
/// $12 the order, $13 whether cards show the variant meant, $14 and $15 the least and most it may cost.
macro_rules! filtered_sql {
    ($matched:expr) => {
        concat!(
            "WITH ",
            $matched,
            ", shown AS MATERIALIZED (
                 SELECT m.product_id, m.place, p.created_at,
                        ARRAY(SELECT o.name FROM product_options o WHERE o.product_id = p.id ORDER BY o.position) AS names
                   FROM matched m
                   JOIN products p ON p.id = m.product_id AND p.status = 'active'
                   JOIN publications b ON b.product_id = p.id AND b.market_id = $3 AND b.valid @> $5
                  WHERE EXISTS (SELECT 1 FROM product_texts t WHERE t.product_id = p.id AND t.language IN ($1, $2))),
             pieces AS MATERIALIZED (
                 SELECT s.product_id, s.place, s.created_at, s.names, v.number, v.position, v.values, v.media_id, q.amount_minor, c.can_be_had, c.is_reduced,
                        ARRAY(SELECT DISTINCT w.option
                                FROM unnest($8::text[]) w (option)
                               WHERE NOT EXISTS (SELECT 1
                                                   FROM unnest(s.names, v.values) own (option, value)
                                                   JOIN unnest($8::text[], $9::text[]) wanted (option, value)
                                                     ON wanted.option = lower(own.option) AND wanted.value = lower(own.value)
                                                  WHERE wanted.option = w.option))
                        || CASE WHEN $10 AND NOT c.can_be_had THEN '{available}'::text[] ELSE '{}' END
                        || CASE WHEN $11 AND NOT c.is_reduced THEN '{sale}'::text[] ELSE '{}' END
                        || CASE WHEN q.amount_minor < $14 OR q.amount_minor > $15 THEN '{price}'::text[] ELSE '{}' END AS missed
                   FROM shown s
                   JOIN variants v ON v.product_id = s.product_id AND v.archived_at IS NULL
                   JOIN LATERAL (SELECT amount_minor, compare_at_minor FROM prices
                                  WHERE variant_id = v.id AND price_list_id = $4 AND valid @> $5 OFFSET 0) q ON true
                   LEFT JOIN LATERAL (SELECT sum(on_hand - allocated) AS available FROM stock_levels WHERE variant_id = v.id) l ON true
                   CROSS JOIN LATERAL (SELECT NOT v.is_tracked OR v.sells_when_empty OR COALESCE(l.available, 0) > 0 AS can_be_had,
                                              COALESCE(q.compare_at_minor > q.amount_minor, false) AS is_reduced) c),
             passed AS MATERIALIZED (
                 SELECT product_id, (array_agg(number ORDER BY NOT can_be_had, position))[1] AS lead_number,
                        (array_agg(media_id ORDER BY NOT can_be_had, position))[1] AS lead_media,
                        CASE $12 WHEN 'cheapest' THEN min(amount_minor)::double precision
                                 WHEN 'dearest' THEN -max(amount_minor)::double precision
                                 WHEN 'newest' THEN -extract(epoch FROM min(created_at))::double precision
                                 ELSE min(place) END AS rank
                   FROM pieces
                  WHERE missed = '{}'
                  GROUP BY product_id),
             page AS (SELECT product_id, rank, CASE WHEN $13 THEN lead_number END AS lead_number, CASE WHEN $13 THEN lead_media END AS lead_media
                        FROM passed ORDER BY rank, product_id DESC LIMIT $6 OFFSET $7),
             choices AS (
                 SELECT min(t.option) AS option, min(t.value) AS value, count(DISTINCT x.product_id) AS count, avg(x.position) AS place
                   FROM pieces x
                  CROSS JOIN unnest(x.names, x.values) t (option, value)
                  WHERE t.option IS NOT NULL AND t.value IS NOT NULL AND (x.missed = '{}' OR x.missed = ARRAY[lower(t.option)])
                  GROUP BY lower(t.option), lower(t.value))
             SELECT (SELECT count(*) FROM passed) AS total, ",
            until_sql!(),
            ", json_build_object(
                   'choices', (SELECT COALESCE(json_agg(json_build_object('option', option, 'value', value, 'count', count) ORDER BY place, value), '[]') FROM choices),
                   'available', (SELECT count(DISTINCT product_id) FROM pieces WHERE can_be_had AND missed <@ '{available}'),
                   'reduced', (SELECT count(DISTINCT product_id) FROM pieces WHERE is_reduced AND missed <@ '{sale}'),
                   'cheapest', (SELECT min(amount_minor) FROM pieces WHERE missed <@ '{price}'),
                   'dearest', (SELECT max(amount_minor) FROM pieces WHERE missed <@ '{price}')) AS facets, ",
            cards_sql!()
        )
    };
}

const OF_COLLECTION: &str =
    listing_sql!("matched AS (SELECT product_id, position::double precision AS place FROM collection_products WHERE collection_id = $8)");

const OF_COLLECTION_FILTERED: &str =
    filtered_sql!("matched AS (SELECT product_id, position::double precision AS place FROM collection_products WHERE collection_id = $16)");

/// A statement that makes cards of the first few products (`$page`), without looking at the others.
macro_rules! first_sql {
    ($page:expr) => {
        concat!("WITH ", $page, " SELECT (SELECT count(*) FROM page) AS total, ", until_sql!(), ", NULL::json AS facets, ", cards_sql!())
    };
}

/// $8 the companions, $9 the collection, $10 the product itself, $11 how many of the collection.
const BESIDE: &str = first_sql!(concat!(
    "companions AS MATERIALIZED (
         SELECT c.id AS product_id, c.place::double precision AS rank
           FROM unnest($8::uuid[]) WITH ORDINALITY AS c (id, place)
           JOIN products p ON p.id = c.id AND ",
    is_sold_sql!(),
    " ORDER BY c.place LIMIT $6 OFFSET $7),
     others AS MATERIALIZED (
         SELECT m.product_id, m.position::double precision AS rank
           FROM collection_products m
           JOIN products p ON p.id = m.product_id AND ",
    is_sold_sql!(),
    " WHERE m.collection_id = $9 AND m.product_id <> $10 AND NOT EXISTS (SELECT 1 FROM companions)
          ORDER BY m.position, m.product_id DESC LIMIT $11),
     page AS (SELECT product_id, rank, NULL::bigint AS lead_number, NULL::uuid AS lead_media
                FROM (SELECT * FROM companions UNION ALL SELECT * FROM others) found)"
));

const NEWEST: &str = first_sql!(concat!(
    "page AS MATERIALIZED (
         SELECT p.id AS product_id, -extract(epoch FROM p.created_at)::double precision AS rank, NULL::bigint AS lead_number, NULL::uuid AS lead_media
           FROM products p
          WHERE ",
    is_sold_sql!(),
    " ORDER BY p.created_at DESC, p.id DESC LIMIT $6 OFFSET $7)"
));

/// $8 from, $9 up to.
const BEST: &str = listing_sql!(
    "matched AS (
         SELECT v.product_id, sum(m.on_hand_delta)::double precision AS place
           FROM stock_moves m
           JOIN variants v ON v.id = m.variant_id
          WHERE m.kind = 'shipped' AND m.occurred_at >= $8 AND m.occurred_at < $9
          GROUP BY v.product_id)"
);

/// All words, all but the last, the last as a prefix. Words that match nothing are taken for misspelt and
/// compared by their trigrams: with parts of a title's words (compounds), or, less strictly, with whole words.
macro_rules! words_sql {
    ($all:literal, $head:literal, $prefix:literal) => {
        concat!(
            "asked AS (
         SELECT websearch_to_tsquery(words_configuration($1), ",
            $all,
            ") || websearch_to_tsquery('simple', folded(",
            $all,
            "))
                || CASE WHEN ",
            $prefix,
            " = '' THEN ''::tsquery ELSE websearch_to_tsquery(words_configuration($1), ",
            $head,
            ") && to_tsquery('simple', '''' || translate(folded(",
            $prefix,
            "), '''\\', '') || ''':*') END AS query),
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
         SELECT d.product_id, -(near.part + near.whole)::double precision
           FROM documents d
          CROSS JOIN LATERAL (SELECT word_similarity(folded(",
            $all,
            "), folded(d.title)) AS part, strict_word_similarity(folded(",
            $all,
            "), folded(d.title)) AS whole) near
          WHERE NOT EXISTS (SELECT 1 FROM found) AND (near.part >= 0.6 OR near.part >= 0.4 AND near.whole >= 0.3))"
        )
    };
}

const OF_WORDS: &str = listing_sql!(words_sql!("$8", "$9", "$10"));

const OF_WORDS_FILTERED: &str = filtered_sql!(words_sql!("$16", "$17", "$18"));

#[derive(sqlx::FromRow)]
struct Row {
    total: i64,
    until: Option<Instant>,
    facets: Option<Json<Facets>>,
    cards: Json<Vec<Card>>,
}

/// A page of products. Pages start at 1; one past the end has no cards.
pub async fn listing(db: impl PgExecutor<'_>, query: &Query, as_of: Instant) -> sqlx::Result<Listing> {
    let offset = (query.page - 1).max(0).saturating_mul(query.page_size);
    let filter = query.filter.as_ref();
    let statement = match (&query.which, filter.is_some()) {
        (Which::Collection(_), false) => OF_COLLECTION,
        (Which::Collection(_), true) => OF_COLLECTION_FILTERED,
        (Which::Words(_), false) => OF_WORDS,
        (Which::Words(_), true) => OF_WORDS_FILTERED,
        (Which::Beside { .. }, _) => BESIDE,
        (Which::Newest, _) => NEWEST,
        (Which::Best(..), _) => BEST,
    };
    let mut asked = sqlx::query_as(statement)
        .bind(query.language)
        .bind(Language::english())
        .bind(query.market)
        .bind(query.price_list)
        .bind(as_of)
        .bind(query.page_size)
        .bind(offset);
    if let (Some(filter), Which::Collection(_) | Which::Words(_)) = (filter, &query.which) {
        let (options, values) = filter.pairs();
        asked = asked
            .bind(options)
            .bind(values)
            .bind(filter.is_on(Switch::Available))
            .bind(filter.is_on(Switch::Reduced))
            .bind(filter.sort.name())
            .bind(filter.is_of_options())
            .bind(query.prices.0)
            .bind(query.prices.1);
    }
    let asked = match &query.which {
        Which::Collection(id) => asked.bind::<CollectionId>(*id),
        Which::Beside { product, companions, collection } => asked.bind(companions.clone()).bind(*collection).bind(*product).bind(RELATED),
        Which::Newest => asked,
        Which::Best(from, until) => asked.bind(*from).bind(*until),
        Which::Words(text) => {
            let typed = Typed::read(text);
            asked.bind(typed.all).bind(typed.head).bind(typed.prefix)
        }
    };
    let row: Row = asked.fetch_one(db).await?;
    let facets = row.facets.map(|facets| facets.0).unwrap_or_default();
    Ok(Listing { cards: row.cards.0, total: row.total, page: query.page, page_size: query.page_size, facets, until: row.until })
}
