-- The next instant at which anything that a listing shows begins or ends is found without reading the rest.
CREATE INDEX prices_price_list_id_lower_idx ON prices (price_list_id, lower(valid));
CREATE INDEX prices_price_list_id_upper_idx ON prices (price_list_id, upper(valid));
CREATE INDEX publications_market_id_lower_idx ON publications (market_id, lower(valid));
CREATE INDEX publications_market_id_upper_idx ON publications (market_id, upper(valid));
