-- Pages that the merchant writes: shipping, returns, privacy, imprint …
CREATE TABLE pages (
    id         uuid        NOT NULL CONSTRAINT pages_pkey PRIMARY KEY,
    language   text        NOT NULL,
    handle     text        NOT NULL,
    title      text        NOT NULL CONSTRAINT pages_title_check CHECK (title <> ''),
    body       text        NOT NULL,
    body_html  text        NOT NULL,
    in_footer  boolean     NOT NULL DEFAULT true,
    position   integer     NOT NULL DEFAULT 0,
    version    integer     NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pages_language_handle_key UNIQUE (language, handle)
);
