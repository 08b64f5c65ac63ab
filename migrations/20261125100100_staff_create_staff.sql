-- The shop's people, their sessions, and what they changed.
CREATE TABLE staff (
    id            uuid        NOT NULL CONSTRAINT staff_pkey PRIMARY KEY,
    email         text        NOT NULL,
    email_key     text        NOT NULL CONSTRAINT staff_email_key_key UNIQUE,
    name          text        NOT NULL,
    role          text        NOT NULL CONSTRAINT staff_role_check CHECK (role IN ('owner', 'manager', 'clerk')),
    password_hash text,
    is_active     boolean     NOT NULL DEFAULT true,
    version       integer     NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL
);

CREATE TABLE staff_sessions (
    id         uuid        NOT NULL CONSTRAINT staff_sessions_pkey PRIMARY KEY,
    staff_id   uuid        NOT NULL CONSTRAINT staff_sessions_staff_id_fkey REFERENCES staff (id) ON DELETE CASCADE,
    token_hash bytea       NOT NULL CONSTRAINT staff_sessions_token_hash_key UNIQUE,
    user_agent text        NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX staff_sessions_staff_id_idx ON staff_sessions (staff_id);

CREATE TABLE audit_log (
    id        bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_log_pkey PRIMARY KEY,
    at        timestamptz NOT NULL,
    actor     text        NOT NULL,
    action    text        NOT NULL,
    entity    text        NOT NULL,
    entity_id text        NOT NULL,
    before    jsonb,
    after     jsonb
);
CREATE INDEX audit_log_entity_id_idx ON audit_log (entity, entity_id, id DESC);
