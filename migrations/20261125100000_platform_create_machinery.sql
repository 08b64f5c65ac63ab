-- Machinery that knows no shop: settings, jobs, outbox, cache invalidations, tokens, throttles, mail.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE settings (
    key        text        NOT NULL CONSTRAINT settings_pkey PRIMARY KEY,
    value      jsonb       NOT NULL,
    version    integer     NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The one row that every change of a rule bumps; a node whose snapshot is older loads anew.
CREATE TABLE rules_version (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT rules_version_pkey PRIMARY KEY CONSTRAINT rules_version_only_row_check CHECK (only_row),
    version  bigint  NOT NULL
);
INSERT INTO rules_version (version) VALUES (1);

CREATE TABLE jobs (
    id           uuid        NOT NULL CONSTRAINT jobs_pkey PRIMARY KEY,
    kind         text        NOT NULL,
    payload      jsonb       NOT NULL,
    key          text        CONSTRAINT jobs_key_key UNIQUE,
    run_at       timestamptz NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    locked_until timestamptz,
    dead_at      timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX jobs_run_at_idx ON jobs (run_at) WHERE dead_at IS NULL;

CREATE TABLE outbox (
    seq         bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pkey PRIMARY KEY,
    entity      text        NOT NULL,
    entity_id   uuid        NOT NULL,
    kind        text        NOT NULL,
    version     integer     NOT NULL DEFAULT 1,
    payload     jsonb       NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor       text        NOT NULL
);
CREATE INDEX outbox_entity_id_idx ON outbox (entity_id, seq);

-- `xid` lets a listener read exactly once what commits out of order: it re-reads from the oldest transaction
-- that was still running at its last look.
CREATE TABLE invalidations (
    seq        bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT invalidations_pkey PRIMARY KEY,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    tags       text[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX invalidations_xid_idx ON invalidations (xid);

-- What strangers hold, hashed; bound to one purpose and owner.
CREATE TABLE tokens (
    hash       bytea       NOT NULL CONSTRAINT tokens_pkey PRIMARY KEY,
    purpose    text        NOT NULL,
    owner      uuid        NOT NULL,
    bound_to   text        NOT NULL DEFAULT '',
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX tokens_owner_idx ON tokens (owner, purpose);

CREATE TABLE throttles (
    key        text        NOT NULL CONSTRAINT throttles_pkey PRIMARY KEY,
    count      integer     NOT NULL,
    resets_at  timestamptz NOT NULL
);

CREATE TABLE mails (
    id         uuid        NOT NULL CONSTRAINT mails_pkey PRIMARY KEY,
    kind       text        NOT NULL,
    recipient  text        NOT NULL,
    subject    text        NOT NULL,
    html       text        NOT NULL,
    plain      text        NOT NULL,
    owner      uuid,
    status     text        NOT NULL DEFAULT 'queued' CONSTRAINT mails_status_check CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'kept')),
    message_id text        NOT NULL CONSTRAINT mails_message_id_key UNIQUE,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz
);
CREATE INDEX mails_created_at_idx ON mails (created_at DESC, id DESC);
CREATE INDEX mails_owner_idx ON mails (owner);
