-- Tax by class and country, dated: a change of the law is a row entered in advance.
CREATE TABLE tax_classes (
    code text NOT NULL CONSTRAINT tax_classes_pkey PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO tax_classes (code, name) VALUES ('standard', 'Standard rate'), ('reduced', 'Reduced rate'), ('zero', 'Not taxed');

CREATE TABLE tax_rates (
    id      uuid      NOT NULL CONSTRAINT tax_rates_pkey PRIMARY KEY,
    class   text      NOT NULL CONSTRAINT tax_rates_class_fkey REFERENCES tax_classes (code),
    country text      NOT NULL,
    percent numeric   NOT NULL CONSTRAINT tax_rates_percent_check CHECK (percent BETWEEN 0 AND 100),
    valid   tstzrange NOT NULL,
    CONSTRAINT tax_rates_class_country_valid_excl EXCLUDE USING gist (class WITH =, country WITH =, valid WITH &&)
);
