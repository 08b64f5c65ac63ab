-- A page may belong to a blog: then it is an article, with a summary, a picture and a day from which it is shown.
ALTER TABLE pages ADD COLUMN blog text NOT NULL DEFAULT '' CONSTRAINT pages_blog_check CHECK (blog ~ '^[a-z0-9-]*$');
ALTER TABLE pages ADD COLUMN summary text NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN media_id uuid CONSTRAINT pages_media_id_fkey REFERENCES media (id) ON DELETE SET NULL;
ALTER TABLE pages ADD COLUMN shown_from timestamptz;
ALTER TABLE pages DROP CONSTRAINT pages_language_handle_key;
ALTER TABLE pages ADD CONSTRAINT pages_language_blog_handle_key UNIQUE (language, blog, handle);
CREATE INDEX pages_blog_idx ON pages (blog, language, shown_from DESC) WHERE blog <> '';
