-- Lists that end after a few products walk these, however many there are: what stands below a product, and the newest.
CREATE INDEX collection_products_position_idx ON collection_products (collection_id, position, product_id DESC);
CREATE INDEX products_created_at_idx ON products (created_at DESC, id DESC);
