-- What sold best is counted from what left the house in a span of days.
CREATE INDEX stock_moves_shipped_idx ON stock_moves (occurred_at) INCLUDE (variant_id, on_hand_delta) WHERE kind = 'shipped';
