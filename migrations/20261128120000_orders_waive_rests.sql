-- A transfer may come a little short. What the merchant lets go is written on the order, so that its money still adds up.
ALTER TABLE orders
    ADD COLUMN waived_minor bigint NOT NULL DEFAULT 0 CONSTRAINT orders_waived_minor_check CHECK (waived_minor >= 0 AND waived_minor <= total_minor);
