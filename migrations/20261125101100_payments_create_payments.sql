-- Money as providers report it. `payment_events` is append-only and the only source of what an order was paid.
CREATE TABLE payments (
    id                uuid        NOT NULL CONSTRAINT payments_pkey PRIMARY KEY,
    order_id          uuid        NOT NULL,
    provider          text        NOT NULL CONSTRAINT payments_provider_check CHECK (provider IN ('stripe', 'bank_transfer', 'test')),
    attempt           integer     NOT NULL,
    amount_minor      bigint      NOT NULL CONSTRAINT payments_amount_minor_check CHECK (amount_minor > 0),
    currency          text        NOT NULL,
    state             text        NOT NULL CONSTRAINT payments_state_check CHECK (state IN ('created', 'open', 'pending', 'authorised', 'paid', 'failed', 'expired', 'voided')),
    session_reference text,
    payment_reference text,
    redirect_url      text,
    expires_at        timestamptz,
    flag              text,
    is_test           boolean     NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT payments_order_id_attempt_key UNIQUE (order_id, attempt),
    CONSTRAINT payments_provider_session_reference_key UNIQUE (provider, session_reference)
);
-- At most one payable session per order.
CREATE UNIQUE INDEX payments_order_id_open_key ON payments (order_id) WHERE state IN ('created', 'open', 'pending', 'authorised');
CREATE INDEX payments_updated_at_open_idx ON payments (updated_at) WHERE state IN ('created', 'open', 'pending', 'authorised');

CREATE TABLE payment_events (
    id           bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT payment_events_pkey PRIMARY KEY,
    payment_id   uuid        NOT NULL CONSTRAINT payment_events_payment_id_fkey REFERENCES payments (id),
    order_id     uuid        NOT NULL,
    kind         text        NOT NULL CONSTRAINT payment_events_kind_check CHECK (kind IN ('authorised', 'captured', 'failed', 'pending', 'expired', 'voided', 'refunded', 'mismatch')),
    amount_minor bigint      NOT NULL,
    currency     text        NOT NULL,
    reference    text        NOT NULL,
    actor        text        NOT NULL,
    occurred_at  timestamptz NOT NULL,
    CONSTRAINT payment_events_payment_id_kind_reference_key UNIQUE (payment_id, kind, reference)
);
CREATE INDEX payment_events_order_id_idx ON payment_events (order_id, id);

CREATE TABLE refunds (
    id           uuid        NOT NULL CONSTRAINT refunds_pkey PRIMARY KEY,
    order_id     uuid        NOT NULL,
    payment_id   uuid        NOT NULL CONSTRAINT refunds_payment_id_fkey REFERENCES payments (id),
    amount_minor bigint      NOT NULL CONSTRAINT refunds_amount_minor_check CHECK (amount_minor > 0),
    currency     text        NOT NULL,
    state        text        NOT NULL CONSTRAINT refunds_state_check CHECK (state IN ('requested', 'pending', 'succeeded', 'failed')),
    reference    text,
    reason       text        NOT NULL DEFAULT '',
    lines        jsonb       NOT NULL DEFAULT '[]',
    actor        text        NOT NULL,
    error        text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX refunds_order_id_idx ON refunds (order_id);

-- Stored raw first, processed until the order they belong to exists.
CREATE TABLE webhooks (
    id           uuid        NOT NULL CONSTRAINT webhooks_pkey PRIMARY KEY,
    provider     text        NOT NULL,
    event_id     text        NOT NULL,
    body         bytea       NOT NULL,
    received_at  timestamptz NOT NULL,
    processed_at timestamptz,
    outcome      text,
    CONSTRAINT webhooks_provider_event_id_key UNIQUE (provider, event_id)
);
