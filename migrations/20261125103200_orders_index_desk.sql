-- The order desk looks for a few open orders among many old ones, and for people by a part of their name.
CREATE INDEX orders_placed_at_to_ship_idx ON orders (placed_at DESC, id DESC) WHERE status = 'placed' AND fulfilment_status IN ('none', 'part_shipped');
CREATE INDEX orders_placed_at_unpaid_idx ON orders (placed_at DESC, id DESC)
 WHERE status IN ('pending', 'placed') AND payment_status IN ('none', 'pending', 'authorised', 'part_paid');
CREATE INDEX orders_search_idx ON orders USING gin (lower(number || ' ' || email || ' ' || (shipping_address ->> 'name')) gin_trgm_ops);
