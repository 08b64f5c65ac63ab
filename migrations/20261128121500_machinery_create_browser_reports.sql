-- What browsers refused to do on pages of the shop and told it, folded: no visitor, no query, no token.
CREATE TABLE browser_reports (
    page          text        NOT NULL CONSTRAINT browser_reports_page_check
                              CHECK (page IN ('payment', 'cart', 'shop', 'order', 'account', 'admin', 'other')),
    directive     text        NOT NULL,
    blocked       text        NOT NULL,
    sample        text        NOT NULL,
    times         bigint      NOT NULL CONSTRAINT browser_reports_times_check CHECK (times > 0),
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    looked_at     timestamptz,
    CONSTRAINT browser_reports_pkey PRIMARY KEY (page, directive, blocked)
);
