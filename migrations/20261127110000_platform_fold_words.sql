-- Who types "Muller" finds "Müller": names and words are compared without accents and case.
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Not STRICT and in the new style, so that it can stand in an index and does not depend on the search path.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(unaccent('unaccent'::regdictionary, words));

DROP INDEX orders_search_idx;
CREATE INDEX orders_search_idx ON orders USING gin (folded(number || ' ' || email || ' ' || (shipping_address ->> 'name')) gin_trgm_ops);

DROP INDEX customers_name_idx;
CREATE INDEX customers_name_idx ON customers USING gin (folded(name) gin_trgm_ops);

UPDATE search_documents SET words = words || setweight(to_tsvector('simple', folded(title)), 'A');
