-- One document per product and language: what the words of a query are matched against.
CREATE TABLE search_documents (
    product_id uuid     NOT NULL CONSTRAINT search_documents_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    language   text     NOT NULL,
    title      text     NOT NULL,
    words      tsvector NOT NULL,
    CONSTRAINT search_documents_pkey PRIMARY KEY (product_id, language)
);
CREATE INDEX search_documents_words_idx ON search_documents USING gin (words);
CREATE INDEX search_documents_title_idx ON search_documents USING gin (title gin_trgm_ops);
