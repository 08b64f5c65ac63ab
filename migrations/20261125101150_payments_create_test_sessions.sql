-- What the test provider remembers: it is its own side of the counter, apart from `payments`.
CREATE TABLE test_sessions (
    reference    text        NOT NULL CONSTRAINT test_sessions_pkey PRIMARY KEY,
    payment_id   uuid        NOT NULL CONSTRAINT test_sessions_payment_id_key UNIQUE,
    amount_minor bigint      NOT NULL,
    currency     text        NOT NULL,
    state        text        NOT NULL CONSTRAINT test_sessions_state_check CHECK (state IN ('open', 'pending', 'paid', 'failed', 'expired')),
    -- A pending payment becomes `outcome` at `settles_at`.
    settles_at   timestamptz,
    outcome      text        CONSTRAINT test_sessions_outcome_check CHECK (outcome IN ('paid', 'failed')),
    success_url  text        NOT NULL,
    cancel_url   text        NOT NULL,
    order_number text        NOT NULL,
    expires_at   timestamptz NOT NULL
);
