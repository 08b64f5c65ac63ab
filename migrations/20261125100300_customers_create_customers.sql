-- Accounts, their sessions and address books. Personal data lives here and in few other places.
CREATE TABLE customers (
    id                uuid        NOT NULL CONSTRAINT customers_pkey PRIMARY KEY,
    email             text        NOT NULL,
    email_key         text        NOT NULL CONSTRAINT customers_email_key_key UNIQUE,
    email_verified_at timestamptz,
    name              text        NOT NULL,
    password_hash     text,
    version           integer     NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL
);

CREATE TABLE customer_sessions (
    id          uuid        NOT NULL CONSTRAINT customer_sessions_pkey PRIMARY KEY,
    customer_id uuid        NOT NULL CONSTRAINT customer_sessions_customer_id_fkey REFERENCES customers (id) ON DELETE CASCADE,
    token_hash  bytea       NOT NULL CONSTRAINT customer_sessions_token_hash_key UNIQUE,
    user_agent  text        NOT NULL,
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX customer_sessions_customer_id_idx ON customer_sessions (customer_id);

CREATE TABLE addresses (
    id          uuid        NOT NULL CONSTRAINT addresses_pkey PRIMARY KEY,
    customer_id uuid        NOT NULL CONSTRAINT addresses_customer_id_fkey REFERENCES customers (id) ON DELETE CASCADE,
    address     jsonb       NOT NULL,
    is_default  boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL
);
CREATE INDEX addresses_customer_id_idx ON addresses (customer_id);
CREATE UNIQUE INDEX addresses_customer_id_default_key ON addresses (customer_id) WHERE is_default;
