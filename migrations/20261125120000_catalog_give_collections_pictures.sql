-- A picture need not be of a product: a collection has one of its own.
ALTER TABLE media ALTER COLUMN product_id DROP NOT NULL;
ALTER TABLE collections ADD COLUMN media_id uuid CONSTRAINT collections_media_id_fkey REFERENCES media (id) ON DELETE SET NULL;
-- What a file of a picture is made from, asked for by the hash in its address.
CREATE INDEX media_hash_idx ON media (hash);
