-- What left the house, with which carrier.
CREATE TABLE fulfilments (
    id              uuid        NOT NULL CONSTRAINT fulfilments_pkey PRIMARY KEY,
    order_id        uuid        NOT NULL CONSTRAINT fulfilments_order_id_fkey REFERENCES orders (id),
    number          integer     NOT NULL,
    carrier         text        NOT NULL,
    tracking_number text        NOT NULL DEFAULT '',
    shipped_at      timestamptz NOT NULL,
    delivered_at    timestamptz,
    CONSTRAINT fulfilments_order_id_number_key UNIQUE (order_id, number)
);

CREATE TABLE fulfilment_lines (
    fulfilment_id uuid    NOT NULL CONSTRAINT fulfilment_lines_fulfilment_id_fkey REFERENCES fulfilments (id),
    order_line_id uuid    NOT NULL CONSTRAINT fulfilment_lines_order_line_id_fkey REFERENCES order_lines (id),
    qty           integer NOT NULL CONSTRAINT fulfilment_lines_qty_check CHECK (qty > 0),
    CONSTRAINT fulfilment_lines_pkey PRIMARY KEY (fulfilment_id, order_line_id)
);
