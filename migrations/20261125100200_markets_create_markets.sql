-- The hinge of everything cross-border: a market is countries, a currency, languages, price lists and methods.
CREATE TABLE markets (
    id              uuid    NOT NULL CONSTRAINT markets_pkey PRIMARY KEY,
    code            text    NOT NULL CONSTRAINT markets_code_key UNIQUE,
    name            text    NOT NULL,
    currency        text    NOT NULL,
    display_country text    NOT NULL,
    position        integer NOT NULL
);

CREATE TABLE market_countries (
    market_id uuid NOT NULL CONSTRAINT market_countries_market_id_fkey REFERENCES markets (id) ON DELETE CASCADE,
    country   text NOT NULL CONSTRAINT market_countries_country_key UNIQUE,
    CONSTRAINT market_countries_pkey PRIMARY KEY (market_id, country)
);

-- A pair owns a prefix of the address space; the empty prefix is x-default.
CREATE TABLE pairs (
    market_id uuid NOT NULL CONSTRAINT pairs_market_id_fkey REFERENCES markets (id) ON DELETE CASCADE,
    language  text NOT NULL,
    prefix    text NOT NULL CONSTRAINT pairs_prefix_key UNIQUE CONSTRAINT pairs_prefix_check CHECK (prefix ~ '^(/[a-z]{2,3}(-[a-z]{2,4})?)?$'),
    hreflang  text NOT NULL CONSTRAINT pairs_hreflang_key UNIQUE,
    CONSTRAINT pairs_pkey PRIMARY KEY (market_id, language)
);

CREATE TABLE price_lists (
    id           uuid    NOT NULL CONSTRAINT price_lists_pkey PRIMARY KEY,
    market_id    uuid    NOT NULL CONSTRAINT price_lists_market_id_fkey REFERENCES markets (id) ON DELETE CASCADE,
    name         text    NOT NULL,
    currency     text    NOT NULL,
    includes_tax boolean NOT NULL,
    CONSTRAINT price_lists_market_id_name_key UNIQUE (market_id, name)
);
