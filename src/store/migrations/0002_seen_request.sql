-- Up Migration
-- Requests from Slack that were answered already, so that a captured or repeated one is not obeyed by another process.
CREATE TABLE diag503.seen_request (
  key text PRIMARY KEY,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX seen_request_age ON diag503.seen_request (seen_at);

-- Down Migration
DROP TABLE diag503.seen_request;
