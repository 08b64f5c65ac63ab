-- What is for sale: products, their options and variants, pictures, collections.
CREATE TABLE products (
    id           uuid        NOT NULL CONSTRAINT products_pkey PRIMARY KEY,
    status       text        NOT NULL CONSTRAINT products_status_check CHECK (status IN ('draft', 'active', 'archived')),
    vendor       text        NOT NULL DEFAULT '',
    product_type text        NOT NULL DEFAULT '',
    tags         text[]      NOT NULL DEFAULT '{}',
    tax_class    text        NOT NULL DEFAULT 'standard',
    version      integer     NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX products_updated_at_idx ON products (updated_at DESC, id DESC);

CREATE TABLE product_texts (
    product_id       uuid NOT NULL CONSTRAINT product_texts_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    language         text NOT NULL,
    title            text NOT NULL CONSTRAINT product_texts_title_check CHECK (title <> ''),
    description      text NOT NULL DEFAULT '',
    description_html text NOT NULL DEFAULT '',
    seo_title        text NOT NULL DEFAULT '',
    seo_description  text NOT NULL DEFAULT '',
    CONSTRAINT product_texts_pkey PRIMARY KEY (product_id, language)
);

-- Handles with history: an old one answers 301 to the current one.
CREATE TABLE product_handles (
    language   text    NOT NULL,
    handle     text    NOT NULL,
    product_id uuid    NOT NULL CONSTRAINT product_handles_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    is_current boolean NOT NULL,
    CONSTRAINT product_handles_pkey PRIMARY KEY (language, handle)
);
CREATE UNIQUE INDEX product_handles_current_key ON product_handles (product_id, language) WHERE is_current;

CREATE TABLE publications (
    product_id uuid      NOT NULL CONSTRAINT publications_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    market_id  uuid      NOT NULL CONSTRAINT publications_market_id_fkey REFERENCES markets (id) ON DELETE CASCADE,
    valid      tstzrange NOT NULL,
    CONSTRAINT publications_product_id_market_id_valid_excl EXCLUDE USING gist (product_id WITH =, market_id WITH =, valid WITH &&)
);

CREATE TABLE product_options (
    id         uuid    NOT NULL CONSTRAINT product_options_pkey PRIMARY KEY,
    product_id uuid    NOT NULL CONSTRAINT product_options_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    position   integer NOT NULL,
    name       text    NOT NULL CONSTRAINT product_options_name_check CHECK (name <> ''),
    CONSTRAINT product_options_product_id_name_key UNIQUE (product_id, name)
);

CREATE TABLE media (
    id         uuid        NOT NULL CONSTRAINT media_pkey PRIMARY KEY,
    product_id uuid        NOT NULL CONSTRAINT media_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    position   integer     NOT NULL,
    alt        text        NOT NULL DEFAULT '',
    state      text        NOT NULL CONSTRAINT media_state_check CHECK (state IN ('pending', 'ready', 'failed')),
    source_url text,
    original   text,
    hash       text,
    width      integer,
    height     integer,
    colour     text,
    widths     integer[]   NOT NULL DEFAULT '{}',
    formats    text[]      NOT NULL DEFAULT '{}',
    error      text,
    created_at timestamptz NOT NULL
);
CREATE INDEX media_product_id_idx ON media (product_id, position);

-- `number` is the permanent public address of a variant (?variant=…); imported ones are kept.
CREATE SEQUENCE variant_numbers START 100001;
CREATE TABLE variants (
    id                uuid        NOT NULL CONSTRAINT variants_pkey PRIMARY KEY,
    product_id        uuid        NOT NULL CONSTRAINT variants_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    number            bigint      NOT NULL CONSTRAINT variants_number_key UNIQUE DEFAULT nextval('variant_numbers'),
    position          integer     NOT NULL,
    values            text[]      NOT NULL,
    sku               text        CONSTRAINT variants_sku_key UNIQUE CONSTRAINT variants_sku_check CHECK (sku <> ''),
    barcode           text,
    weight_grams      integer     NOT NULL DEFAULT 0 CONSTRAINT variants_weight_grams_check CHECK (weight_grams >= 0),
    requires_shipping boolean     NOT NULL DEFAULT true,
    is_tracked        boolean     NOT NULL DEFAULT true,
    sells_when_empty  boolean     NOT NULL DEFAULT false,
    cost_minor        bigint,
    hs_code           text,
    origin_country    text,
    media_id          uuid        CONSTRAINT variants_media_id_fkey REFERENCES media (id) ON DELETE SET NULL,
    archived_at       timestamptz,
    version           integer     NOT NULL DEFAULT 1
);
CREATE INDEX variants_product_id_idx ON variants (product_id, position);
CREATE UNIQUE INDEX variants_product_id_values_key ON variants (product_id, values) WHERE archived_at IS NULL;

CREATE TABLE collections (
    id         uuid        NOT NULL CONSTRAINT collections_pkey PRIMARY KEY,
    is_active  boolean     NOT NULL DEFAULT true,
    position   integer     NOT NULL DEFAULT 0,
    version    integer     NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL
);

CREATE TABLE collection_texts (
    collection_id    uuid NOT NULL CONSTRAINT collection_texts_collection_id_fkey REFERENCES collections (id) ON DELETE CASCADE,
    language         text NOT NULL,
    handle           text NOT NULL,
    title            text NOT NULL CONSTRAINT collection_texts_title_check CHECK (title <> ''),
    description      text NOT NULL DEFAULT '',
    description_html text NOT NULL DEFAULT '',
    CONSTRAINT collection_texts_pkey PRIMARY KEY (collection_id, language),
    CONSTRAINT collection_texts_language_handle_key UNIQUE (language, handle)
);

CREATE TABLE collection_handles (
    language      text NOT NULL,
    handle        text NOT NULL,
    collection_id uuid NOT NULL CONSTRAINT collection_handles_collection_id_fkey REFERENCES collections (id) ON DELETE CASCADE,
    CONSTRAINT collection_handles_pkey PRIMARY KEY (language, handle)
);

CREATE TABLE collection_products (
    collection_id uuid    NOT NULL CONSTRAINT collection_products_collection_id_fkey REFERENCES collections (id) ON DELETE CASCADE,
    product_id    uuid    NOT NULL CONSTRAINT collection_products_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    position      integer NOT NULL,
    CONSTRAINT collection_products_pkey PRIMARY KEY (collection_id, product_id)
);
CREATE INDEX collection_products_product_id_idx ON collection_products (product_id);
