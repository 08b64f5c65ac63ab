-- What things cost, from when to when. History is free; overlaps are impossible.
CREATE TABLE prices (
    id               uuid      NOT NULL CONSTRAINT prices_pkey PRIMARY KEY,
    variant_id       uuid      NOT NULL CONSTRAINT prices_variant_id_fkey REFERENCES variants (id) ON DELETE CASCADE,
    price_list_id    uuid      NOT NULL CONSTRAINT prices_price_list_id_fkey REFERENCES price_lists (id) ON DELETE CASCADE,
    amount_minor     bigint    NOT NULL CONSTRAINT prices_amount_minor_check CHECK (amount_minor >= 0),
    compare_at_minor bigint    CONSTRAINT prices_compare_at_minor_check CHECK (compare_at_minor > amount_minor),
    valid            tstzrange NOT NULL CONSTRAINT prices_valid_check CHECK (NOT isempty(valid)),
    CONSTRAINT prices_variant_id_price_list_id_valid_excl EXCLUDE USING gist (variant_id WITH =, price_list_id WITH =, valid WITH &&)
);
