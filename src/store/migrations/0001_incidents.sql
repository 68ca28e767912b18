-- Up Migration
-- `json`, not `jsonb`: what a hostile host printed may hold U+0000, which `jsonb` refuses.
CREATE TABLE diag503.incident (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  service text NOT NULL,
  channel text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz
);
CREATE UNIQUE INDEX incident_one_open_per_service ON diag503.incident (service) WHERE closed_at IS NULL;

CREATE TABLE diag503.run (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  incident_id uuid NOT NULL REFERENCES diag503.incident ON DELETE CASCADE,
  service text NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'finished', 'failed', 'refused')),
  origin json NOT NULL,
  progress json,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When its job was known to be on the queue; a run with it cannot be refused any more.
  enqueued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  document json,
  error text
);
CREATE UNIQUE INDEX run_one_unfinished_per_service ON diag503.run (service) WHERE state IN ('queued', 'running');
CREATE INDEX run_newest_of_service ON diag503.run (service, requested_at DESC);
CREATE INDEX run_newest_of_incident ON diag503.run (incident_id, requested_at DESC);

CREATE TABLE diag503.reading (
  run_id uuid NOT NULL REFERENCES diag503.run ON DELETE CASCADE,
  position int NOT NULL,
  probe text NOT NULL,
  body json NOT NULL,
  PRIMARY KEY (run_id, position)
);

CREATE TABLE diag503.finding (
  run_id uuid NOT NULL REFERENCES diag503.run ON DELETE CASCADE,
  position int NOT NULL,
  check_id text NOT NULL,
  cause text NOT NULL,
  confidence text NOT NULL,
  body json NOT NULL,
  PRIMARY KEY (run_id, position)
);
CREATE INDEX finding_of_check ON diag503.finding (check_id);

CREATE TABLE diag503.message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  incident_id uuid NOT NULL REFERENCES diag503.incident ON DELETE CASCADE,
  run_id uuid NOT NULL REFERENCES diag503.run ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('headline', 'verdict', 'evidence')),
  channel text NOT NULL,
  revision int NOT NULL DEFAULT 0,
  posted_revision int,
  posted_channel text,
  ts text,
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_posted_at timestamptz,
  leased_until timestamptz,
  error text
);
CREATE UNIQUE INDEX message_one_headline_per_incident ON diag503.message (incident_id) WHERE kind = 'headline';
CREATE UNIQUE INDEX message_one_of_its_kind_per_run ON diag503.message (run_id, kind) WHERE kind <> 'headline';
CREATE INDEX message_unposted ON diag503.message (created_at)
  WHERE error IS NULL AND (posted_revision IS NULL OR posted_revision < revision);

-- Down Migration
DROP TABLE diag503.message, diag503.finding, diag503.reading, diag503.run, diag503.incident;
