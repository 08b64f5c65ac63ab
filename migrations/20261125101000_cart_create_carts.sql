-- What a visitor means to buy, and what they typed at checkout so far.
CREATE TABLE carts (
    id          uuid        NOT NULL CONSTRAINT carts_pkey PRIMARY KEY,
    token_hash  bytea       NOT NULL CONSTRAINT carts_token_hash_key UNIQUE,
    market_id   uuid        NOT NULL CONSTRAINT carts_market_id_fkey REFERENCES markets (id),
    language    text        NOT NULL,
    customer_id uuid        CONSTRAINT carts_customer_id_fkey REFERENCES customers (id) ON DELETE SET NULL,
    status      text        NOT NULL DEFAULT 'active' CONSTRAINT carts_status_check CHECK (status IN ('active', 'completing', 'completed')),
    draft       jsonb       NOT NULL DEFAULT '{}',
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE INDEX carts_customer_id_idx ON carts (customer_id) WHERE status = 'active';

CREATE TABLE cart_lines (
    id               uuid        NOT NULL CONSTRAINT cart_lines_pkey PRIMARY KEY,
    cart_id          uuid        NOT NULL CONSTRAINT cart_lines_cart_id_fkey REFERENCES carts (id) ON DELETE CASCADE,
    variant_id       uuid        NOT NULL CONSTRAINT cart_lines_variant_id_fkey REFERENCES variants (id) ON DELETE CASCADE,
    qty              integer     NOT NULL CONSTRAINT cart_lines_qty_check CHECK (qty BETWEEN 1 AND 999),
    seen_price_minor bigint,
    created_at       timestamptz NOT NULL,
    CONSTRAINT cart_lines_cart_id_variant_id_key UNIQUE (cart_id, variant_id)
);
