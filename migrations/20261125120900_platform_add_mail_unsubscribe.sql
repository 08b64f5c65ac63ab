-- Where a marketing letter is unsubscribed from: its List-Unsubscribe header (RFC 8058).
ALTER TABLE mails ADD COLUMN unsubscribe text;
