-- Up Migration
CREATE TABLE diag503.remediation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  incident_id uuid NOT NULL REFERENCES diag503.incident ON DELETE CASCADE,
  run_id uuid NOT NULL REFERENCES diag503.run ON DELETE CASCADE,
  service text NOT NULL,
  kind text NOT NULL,
  position int NOT NULL,
  state text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'requested', 'approved', 'running', 'verified',
    'ineffective', 'failed', 'unknown', 'refused', 'expired')),
  plan json NOT NULL,
  plan_digest text NOT NULL,
  approvals_needed int NOT NULL DEFAULT 0,
  break_glass boolean NOT NULL DEFAULT false,
  offered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  requested_by text,
  requested_at timestamptz,
  reason text,
  -- When it needed nothing but a worker.
  ready_at timestamptz,
  started_at timestamptz,
  not_after timestamptz,
  -- Its worker says so again and again; when it has not for a while, the worker is gone.
  leased_until timestamptz,
  -- Whose lease it is.
  lease_token text,
  -- Since when nobody knows what became of it.
  lost_at timestamptz,
  -- Keyed digest of the bot, made when it was ready; without one no worker begins it.
  mac text,
  -- What it has taken out of a pool goes back then, unless somebody keeps it out.
  restore_at timestamptz,
  progress text,
  outcome json,
  verify_run_id uuid REFERENCES diag503.run ON DELETE SET NULL,
  finished_at timestamptz,
  watch_until timestamptz
);
CREATE UNIQUE INDEX remediation_one_in_flight_per_service ON diag503.remediation (service)
  WHERE state IN ('requested', 'approved', 'running') OR (state = 'unknown' AND finished_at IS NULL);
CREATE INDEX remediation_of_run ON diag503.remediation (run_id, position);
CREATE INDEX remediation_started ON diag503.remediation (service, kind, started_at) WHERE started_at IS NOT NULL;
CREATE INDEX remediation_unfinished ON diag503.remediation (expires_at)
  WHERE state IN ('offered', 'requested', 'approved', 'running', 'unknown');

CREATE INDEX remediation_to_restore ON diag503.remediation (restore_at) WHERE restore_at IS NOT NULL;

CREATE TABLE diag503.approval (
  remediation_id uuid NOT NULL REFERENCES diag503.remediation ON DELETE CASCADE,
  approver text NOT NULL,
  answer text NOT NULL CHECK (answer IN ('approved', 'denied')),
  plan_digest text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (remediation_id, approver)
);

-- No reference to other tables: what they forget is remembered here. `detail` is text, because its bytes are hashed.
CREATE TABLE diag503.audit (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  event text NOT NULL,
  service text NOT NULL,
  remediation_id text,
  actor text NOT NULL,
  detail text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_of_remediation ON diag503.audit (remediation_id);

-- The end of the chain, written with each row: rows that are cut off at the end are missed.
CREATE TABLE diag503.audit_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seq bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO diag503.audit_head (seq, hash) VALUES (0, repeat('0', 64));

CREATE FUNCTION diag503.audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit only grows: % is refused', TG_OP;
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON diag503.audit
  FOR EACH STATEMENT EXECUTE FUNCTION diag503.audit_only_grows();

ALTER TABLE diag503.message ADD COLUMN remediation_id uuid REFERENCES diag503.remediation ON DELETE CASCADE;
ALTER TABLE diag503.message DROP CONSTRAINT message_kind_check;
ALTER TABLE diag503.message ADD CONSTRAINT message_kind_check
  CHECK (kind IN ('headline', 'verdict', 'evidence', 'remediation'));
DROP INDEX diag503.message_one_of_its_kind_per_run;
CREATE UNIQUE INDEX message_one_of_its_kind_per_run ON diag503.message (run_id, kind)
  WHERE kind IN ('verdict', 'evidence');
CREATE UNIQUE INDEX message_one_per_remediation ON diag503.message (remediation_id) WHERE kind = 'remediation';

-- Down Migration
DELETE FROM diag503.message WHERE kind = 'remediation';
DROP INDEX diag503.message_one_per_remediation, diag503.message_one_of_its_kind_per_run;
ALTER TABLE diag503.message DROP COLUMN remediation_id, DROP CONSTRAINT message_kind_check;
ALTER TABLE diag503.message ADD CONSTRAINT message_kind_check CHECK (kind IN ('headline', 'verdict', 'evidence'));
CREATE UNIQUE INDEX message_one_of_its_kind_per_run ON diag503.message (run_id, kind) WHERE kind <> 'headline';
DROP TABLE diag503.audit, diag503.audit_head, diag503.approval, diag503.remediation;
DROP FUNCTION diag503.audit_only_grows();
