//! SQL of the search documents.

use sqlx::PgConnection;

use crate::base::ProductId;

/// Writes the documents of a product anew, one per language.
pub async fn refresh(db: &mut PgConnection, product: ProductId) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO search_documents (product_id, language, title, words)
         SELECT t.product_id, t.language, t.title,
                setweight(to_tsvector('simple', t.title), 'A')
                || setweight(to_tsvector('simple', concat_ws(' ', p.vendor, p.product_type, array_to_string(p.tags, ' '),
                       (SELECT string_agg(v.sku, ' ') FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL))), 'B')
                || setweight(to_tsvector('simple', regexp_replace(t.description_html, '<[^>]*>', ' ', 'g')), 'D')
           FROM products p
           JOIN product_texts t ON t.product_id = p.id
          WHERE p.id = $1
             ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET title = EXCLUDED.title, words = EXCLUDED.words",
    )
    .bind(product)
    .execute(db)
    .await
    .map(drop)
}
