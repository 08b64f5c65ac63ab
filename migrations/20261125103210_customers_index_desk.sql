-- The customer list shows the newest accounts first and looks for a part of a name or address.
CREATE INDEX customers_created_at_idx ON customers (created_at DESC, id DESC);
CREATE INDEX customers_name_idx ON customers USING gin (lower(name) gin_trgm_ops);
CREATE INDEX customers_email_key_idx ON customers USING gin (email_key gin_trgm_ops);
