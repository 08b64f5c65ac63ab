-- The newsletter: who asked for it and can be shown to have asked (GDPR Art. 7(1)), who must never be written to, what
-- was sent, and to whom.

-- What people read when they asked, each wording once.
CREATE TABLE consent_texts (
    hash        text        NOT NULL CONSTRAINT consent_texts_pkey PRIMARY KEY,
    text        text        NOT NULL,
    first_shown timestamptz NOT NULL
);

CREATE TABLE subscribers (
    id              uuid        NOT NULL CONSTRAINT subscribers_pkey PRIMARY KEY,
    email           text        NOT NULL,
    email_key       text        NOT NULL CONSTRAINT subscribers_email_key_key UNIQUE,
    language        text        NOT NULL,
    status          text        NOT NULL CONSTRAINT subscribers_status_check CHECK (status IN ('pending', 'confirmed', 'unsubscribed')),
    source          text        NOT NULL,
    text_hash       text        NOT NULL CONSTRAINT subscribers_text_hash_fkey REFERENCES consent_texts (hash),
    asked_at        timestamptz NOT NULL,
    asked_ip        text        NOT NULL,
    confirmed_at    timestamptz,
    confirmed_ip    text,
    unsubscribed_at timestamptz,
    reason          text        CONSTRAINT subscribers_reason_check CHECK (reason IN ('one_click', 'link', 'staff')),
    CONSTRAINT subscribers_confirmed_check CHECK (status <> 'confirmed' OR (confirmed_at IS NOT NULL AND confirmed_ip IS NOT NULL)),
    CONSTRAINT subscribers_unsubscribed_check CHECK ((status = 'unsubscribed') = (unsubscribed_at IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX subscribers_confirmed_idx ON subscribers (id) WHERE status = 'confirmed';
CREATE INDEX subscribers_asked_at_idx ON subscribers (asked_at) WHERE status = 'pending';
CREATE INDEX subscribers_email_key_trgm_idx ON subscribers USING gin (email_key gin_trgm_ops);

-- Wins over everything, also over a confirmed subscription; knows addresses that never subscribed.
CREATE TABLE suppressions (
    email_key text        NOT NULL CONSTRAINT suppressions_pkey PRIMARY KEY,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX suppressions_at_idx ON suppressions (at DESC, email_key);

CREATE TABLE newsletter_issues (
    id         uuid        NOT NULL CONSTRAINT newsletter_issues_pkey PRIMARY KEY,
    subject    text        NOT NULL CONSTRAINT newsletter_issues_subject_check CHECK (subject <> ''),
    body       text        NOT NULL,
    body_html  text        NOT NULL,
    state      text        NOT NULL DEFAULT 'draft' CONSTRAINT newsletter_issues_state_check CHECK (state IN ('draft', 'sending', 'sent')),
    created_by uuid        NOT NULL CONSTRAINT newsletter_issues_created_by_fkey REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    sent_at    timestamptz,
    version    integer     NOT NULL DEFAULT 1,
    CONSTRAINT newsletter_issues_started_check CHECK ((state = 'draft') = (started_at IS NULL)),
    CONSTRAINT newsletter_issues_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

-- One row is one letter: written by the transaction that writes the letter, so nobody gets an issue twice.
CREATE TABLE newsletter_deliveries (
    issue_id      uuid        NOT NULL CONSTRAINT newsletter_deliveries_issue_id_fkey REFERENCES newsletter_issues (id),
    subscriber_id uuid        NOT NULL CONSTRAINT newsletter_deliveries_subscriber_id_fkey REFERENCES subscribers (id) ON DELETE CASCADE,
    mail_id       uuid        CONSTRAINT newsletter_deliveries_mail_id_fkey REFERENCES mails (id) ON DELETE SET NULL,
    state         text        NOT NULL DEFAULT 'waiting'
                              CONSTRAINT newsletter_deliveries_state_check CHECK (state IN ('waiting', 'sent', 'kept', 'skipped', 'refused', 'unsure')),
    at            timestamptz NOT NULL,
    CONSTRAINT newsletter_deliveries_pkey PRIMARY KEY (issue_id, subscriber_id)
);
CREATE INDEX newsletter_deliveries_subscriber_id_idx ON newsletter_deliveries (subscriber_id);
CREATE INDEX newsletter_deliveries_mail_id_idx ON newsletter_deliveries (mail_id);
