-- What goes well with a product: others that the merchant chose, in an order.
CREATE TABLE product_companions (
    product_id   uuid    NOT NULL CONSTRAINT product_companions_product_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    companion_id uuid    NOT NULL CONSTRAINT product_companions_companion_id_fkey REFERENCES products (id) ON DELETE CASCADE,
    position     integer NOT NULL CONSTRAINT product_companions_position_check CHECK (position BETWEEN 1 AND 8),
    CONSTRAINT product_companions_pkey PRIMARY KEY (product_id, companion_id),
    CONSTRAINT product_companions_itself_check CHECK (companion_id <> product_id)
);
CREATE INDEX product_companions_companion_id_idx ON product_companions (companion_id);
