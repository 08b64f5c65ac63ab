-- The second factor of staff: an authenticator app (RFC 6238), and the codes for the day it is lost.
CREATE TABLE staff_factors (
    staff_id     uuid   NOT NULL CONSTRAINT staff_factors_pkey PRIMARY KEY
                        CONSTRAINT staff_factors_staff_id_fkey REFERENCES staff (id) ON DELETE CASCADE,
    -- Locked by the strongbox. What was offered counts once a code of it was typed.
    secret       bytea,
    confirmed_at timestamptz,
    offered      bytea,
    offered_at   timestamptz,
    -- The last step of 30 seconds whose code was used: no code is taken twice.
    last_step    bigint NOT NULL DEFAULT 0,
    CONSTRAINT staff_factors_secret_check CHECK ((secret IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT staff_factors_offered_check CHECK ((offered IS NULL) = (offered_at IS NULL))
);

CREATE TABLE staff_recovery_codes (
    hash       bytea       NOT NULL CONSTRAINT staff_recovery_codes_pkey PRIMARY KEY,
    staff_id   uuid        NOT NULL CONSTRAINT staff_recovery_codes_staff_id_fkey REFERENCES staff (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX staff_recovery_codes_staff_id_idx ON staff_recovery_codes (staff_id);
