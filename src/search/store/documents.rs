//! The documents that words are matched against.

use sqlx::PgConnection;

use crate::base::ProductId;

/// A product's documents, in the words of each language and as they are written but for accents and case (for names and article numbers).
/// $1 products.
const REFRESH: &str = "WITH told AS (
         SELECT t.product_id, t.language, t.title, words_configuration(t.language) AS configuration,
                concat_ws(' ', p.vendor, p.product_type, array_to_string(p.tags, ' '),
                    (SELECT string_agg(concat_ws(' ', v.sku, regexp_replace(v.sku, '[^[:alnum:]]', '', 'g')), ' ')
                       FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL),
                    (SELECT string_agg(array_to_string(v.values, ' '), ' ') FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL)) AS facts,
                regexp_replace(t.description_html, '<[^>]*>', ' ', 'g') AS description
           FROM products p
           JOIN product_texts t ON t.product_id = p.id
          WHERE p.id = ANY($1)),
     gone AS (
         DELETE FROM search_documents d
          WHERE d.product_id = ANY($1) AND NOT EXISTS (SELECT 1 FROM told WHERE told.product_id = d.product_id AND told.language = d.language))
     INSERT INTO search_documents (product_id, language, title, words)
     SELECT product_id, language, title,
            setweight(to_tsvector('simple', folded(title)), 'A') || setweight(to_tsvector(configuration, title), 'A')
            || setweight(to_tsvector('simple', folded(facts)), 'B') || setweight(to_tsvector(configuration, facts), 'B')
            || setweight(to_tsvector(configuration, description), 'D')
       FROM told
         ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET title = EXCLUDED.title, words = EXCLUDED.words";

/// Writes a product's documents anew.
pub async fn refresh(db: &mut PgConnection, product: ProductId) -> sqlx::Result<()> {
    refresh_all(db, &[product]).await
}

/// The same for many, in one statement.
pub async fn refresh_all(db: &mut PgConnection, products: &[ProductId]) -> sqlx::Result<()> {
    sqlx::query(REFRESH).bind(products).execute(db).await.map(drop)
}
