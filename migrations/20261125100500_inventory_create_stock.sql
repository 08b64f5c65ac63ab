-- Where things lie. `stock_moves` is append-only and the only writer of `stock_levels`: a level is the sum of its moves.
CREATE TABLE locations (
    id      uuid NOT NULL CONSTRAINT locations_pkey PRIMARY KEY,
    name    text NOT NULL,
    country text NOT NULL
);

CREATE TABLE stock_levels (
    variant_id  uuid    NOT NULL CONSTRAINT stock_levels_variant_id_fkey REFERENCES variants (id) ON DELETE CASCADE,
    location_id uuid    NOT NULL CONSTRAINT stock_levels_location_id_fkey REFERENCES locations (id),
    on_hand     integer NOT NULL DEFAULT 0,
    allocated   integer NOT NULL DEFAULT 0 CONSTRAINT stock_levels_allocated_check CHECK (allocated >= 0),
    CONSTRAINT stock_levels_pkey PRIMARY KEY (variant_id, location_id)
);

CREATE TABLE stock_moves (
    id              bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT stock_moves_pkey PRIMARY KEY,
    variant_id      uuid        NOT NULL CONSTRAINT stock_moves_variant_id_fkey REFERENCES variants (id) ON DELETE CASCADE,
    location_id     uuid        NOT NULL CONSTRAINT stock_moves_location_id_fkey REFERENCES locations (id),
    kind            text        NOT NULL CONSTRAINT stock_moves_kind_check CHECK (kind IN ('received', 'adjusted', 'allocated', 'released', 'shipped', 'restocked')),
    on_hand_delta   integer     NOT NULL DEFAULT 0,
    allocated_delta integer     NOT NULL DEFAULT 0,
    reason          text        NOT NULL DEFAULT '',
    cause           uuid,
    order_line_id   uuid,
    actor           text        NOT NULL,
    occurred_at     timestamptz NOT NULL,
    -- One cause moves one line once: a repeated event cannot move stock twice.
    CONSTRAINT stock_moves_order_line_id_kind_cause_key UNIQUE (order_line_id, kind, cause)
);
CREATE INDEX stock_moves_variant_id_idx ON stock_moves (variant_id, id DESC);
