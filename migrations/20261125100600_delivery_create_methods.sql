-- Zones by country and postcode, and the dated rates that apply in them.
CREATE TABLE zones (
    id       uuid    NOT NULL CONSTRAINT zones_pkey PRIMARY KEY,
    name     text    NOT NULL CONSTRAINT zones_name_key UNIQUE,
    position integer NOT NULL
);

-- An empty prefix is the whole country; the longest matching prefix wins.
CREATE TABLE zone_areas (
    zone_id         uuid NOT NULL CONSTRAINT zone_areas_zone_id_fkey REFERENCES zones (id) ON DELETE CASCADE,
    country         text NOT NULL,
    postcode_prefix text NOT NULL DEFAULT '',
    CONSTRAINT zone_areas_pkey PRIMARY KEY (country, postcode_prefix)
);

CREATE TABLE delivery_methods (
    id              uuid      NOT NULL CONSTRAINT delivery_methods_pkey PRIMARY KEY,
    zone_id         uuid      NOT NULL CONSTRAINT delivery_methods_zone_id_fkey REFERENCES zones (id) ON DELETE CASCADE,
    name            text      NOT NULL,
    carrier         text      NOT NULL DEFAULT '',
    currency        text      NOT NULL,
    -- Ascending [[up to grams, minor units], …]; a flat rate is one band without limit: [[null, 495]].
    bands           jsonb     NOT NULL,
    free_over_minor bigint    CONSTRAINT delivery_methods_free_over_minor_check CHECK (free_over_minor >= 0),
    tax_class       text      NOT NULL DEFAULT 'proportional',
    min_days        integer   NOT NULL CONSTRAINT delivery_methods_min_days_check CHECK (min_days >= 0),
    max_days        integer   NOT NULL,
    position        integer   NOT NULL,
    valid           tstzrange NOT NULL DEFAULT tstzrange(NULL, NULL),
    version         integer   NOT NULL DEFAULT 1,
    CONSTRAINT delivery_methods_max_days_check CHECK (max_days >= min_days)
);
