-- When whoever uses a session last proved to be who it belongs to; a session of before did so when it began.
ALTER TABLE staff_sessions ADD COLUMN proved_at timestamptz;
