-- What was sold, frozen, and everything that happened to it since.
CREATE SEQUENCE order_numbers START 1001;
CREATE TABLE orders (
    id                uuid        NOT NULL CONSTRAINT orders_pkey PRIMARY KEY,
    number            text        NOT NULL CONSTRAINT orders_number_key UNIQUE,
    cart_id           uuid        NOT NULL CONSTRAINT orders_cart_id_fkey REFERENCES carts (id),
    market_id         uuid        NOT NULL CONSTRAINT orders_market_id_fkey REFERENCES markets (id),
    language          text        NOT NULL,
    customer_id       uuid        CONSTRAINT orders_customer_id_fkey REFERENCES customers (id),
    email             text        NOT NULL,
    email_key         text        NOT NULL,
    shipping_address  jsonb       NOT NULL,
    billing_address   jsonb       NOT NULL,
    status            text        NOT NULL CONSTRAINT orders_status_check CHECK (status IN ('pending', 'placed', 'closed', 'cancelled', 'expired')),
    payment_status    text        NOT NULL CONSTRAINT orders_payment_status_check CHECK (payment_status IN ('none', 'pending', 'authorised', 'part_paid', 'paid', 'overpaid', 'part_refunded', 'refunded')),
    fulfilment_status text        NOT NULL CONSTRAINT orders_fulfilment_status_check CHECK (fulfilment_status IN ('none', 'part_shipped', 'shipped', 'delivered')),
    payment_method    text        NOT NULL,
    delivery_method   jsonb       NOT NULL,
    currency          text        NOT NULL,
    items_minor       bigint      NOT NULL CONSTRAINT orders_items_minor_check CHECK (items_minor >= 0),
    delivery_minor    bigint      NOT NULL CONSTRAINT orders_delivery_minor_check CHECK (delivery_minor >= 0),
    tax_minor         bigint      NOT NULL CONSTRAINT orders_tax_minor_check CHECK (tax_minor >= 0),
    total_minor       bigint      NOT NULL CONSTRAINT orders_total_minor_check CHECK (total_minor >= 0),
    shop_currency     text        NOT NULL,
    shop_total_minor  bigint      NOT NULL,
    shop_tax_minor    bigint      NOT NULL,
    fx_rate           numeric     NOT NULL DEFAULT 1,
    fx_source         text        NOT NULL DEFAULT 'same currency',
    fx_date           date        NOT NULL,
    quote             jsonb       NOT NULL,
    rules_version     bigint      NOT NULL,
    consents          jsonb       NOT NULL,
    note              text        NOT NULL DEFAULT '',
    is_test           boolean     NOT NULL,
    flag              text,
    stock_held        boolean     NOT NULL DEFAULT true,
    placed_at         timestamptz NOT NULL,
    paid_at           timestamptz,
    cancelled_at      timestamptz,
    version           integer     NOT NULL DEFAULT 1,
    CONSTRAINT orders_total_check CHECK (total_minor >= items_minor)
);
-- A cart becomes one order; a new attempt after its release makes the cart a new one.
CREATE UNIQUE INDEX orders_cart_id_live_key ON orders (cart_id) WHERE status <> 'expired';
CREATE INDEX orders_placed_at_idx ON orders (placed_at DESC, id DESC);
CREATE INDEX orders_customer_id_idx ON orders (customer_id, placed_at DESC);
CREATE INDEX orders_email_key_idx ON orders (email_key) WHERE customer_id IS NULL;

CREATE TABLE order_lines (
    id                uuid    NOT NULL CONSTRAINT order_lines_pkey PRIMARY KEY,
    order_id          uuid    NOT NULL CONSTRAINT order_lines_order_id_fkey REFERENCES orders (id),
    position          integer NOT NULL,
    variant_id        uuid    CONSTRAINT order_lines_variant_id_fkey REFERENCES variants (id),
    product_id        uuid    CONSTRAINT order_lines_product_id_fkey REFERENCES products (id),
    handle            text    NOT NULL,
    title             text    NOT NULL,
    variant_title     text    NOT NULL,
    sku               text,
    picture           text,
    qty               integer NOT NULL CONSTRAINT order_lines_qty_check CHECK (qty > 0),
    unit_minor        bigint  NOT NULL CONSTRAINT order_lines_unit_minor_check CHECK (unit_minor >= 0),
    net_minor         bigint  NOT NULL,
    tax_minor         bigint  NOT NULL,
    gross_minor       bigint  NOT NULL,
    tax_class         text    NOT NULL,
    tax_percent       numeric NOT NULL,
    tax_country       text    NOT NULL,
    weight_grams      integer NOT NULL,
    requires_shipping boolean NOT NULL,
    is_tracked        boolean NOT NULL,
    hs_code           text,
    origin_country    text,
    cost_minor        bigint,
    cancelled_qty     integer NOT NULL DEFAULT 0,
    shipped_qty       integer NOT NULL DEFAULT 0,
    refunded_qty      integer NOT NULL DEFAULT 0,
    CONSTRAINT order_lines_gross_check CHECK (gross_minor = net_minor + tax_minor),
    CONSTRAINT order_lines_shipped_check CHECK (shipped_qty >= 0 AND cancelled_qty >= 0 AND shipped_qty + cancelled_qty <= qty),
    CONSTRAINT order_lines_refunded_check CHECK (refunded_qty BETWEEN 0 AND qty)
);
CREATE INDEX order_lines_order_id_idx ON order_lines (order_id, position);
CREATE INDEX order_lines_variant_id_idx ON order_lines (variant_id);

CREATE TABLE order_taxes (
    order_id    uuid    NOT NULL CONSTRAINT order_taxes_order_id_fkey REFERENCES orders (id),
    class       text    NOT NULL,
    country     text    NOT NULL,
    percent     numeric NOT NULL,
    net_minor   bigint  NOT NULL,
    tax_minor   bigint  NOT NULL,
    CONSTRAINT order_taxes_pkey PRIMARY KEY (order_id, class, country, percent)
);

CREATE TABLE order_events (
    id       bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT order_events_pkey PRIMARY KEY,
    order_id uuid        NOT NULL CONSTRAINT order_events_order_id_fkey REFERENCES orders (id),
    at       timestamptz NOT NULL,
    kind     text        NOT NULL,
    actor    text        NOT NULL,
    data     jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX order_events_order_id_idx ON order_events (order_id, id);
