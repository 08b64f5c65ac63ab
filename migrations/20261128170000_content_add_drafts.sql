-- Pages and articles that are being written: the desk has them, the shop does not.
ALTER TABLE pages ADD COLUMN is_draft boolean NOT NULL DEFAULT false;
