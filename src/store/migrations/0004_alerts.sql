-- Up Migration
-- Deliveries that were taken already: a source sends again what it was not sure of, and so do its replicas.
CREATE TABLE diag503.alert_delivery (
  key text PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX alert_delivery_age ON diag503.alert_delivery (received_at);

CREATE TABLE diag503.storm (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  channel text NOT NULL,
  began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of what its message shows, so that it is edited when that has changed.
  shown text NOT NULL DEFAULT ''
);

ALTER TABLE diag503.incident
  -- Notices that something fires, repeated ones too.
  ADD COLUMN alert_count int NOT NULL DEFAULT 0,
  -- The gravest of this episode; null where no alert has fired.
  ADD COLUMN severity text CHECK (severity IN ('info', 'warning', 'critical')),
  ADD COLUMN alerts_since timestamptz,
  -- When its alerts began to arrive, in this episode or after the last resolution.
  ADD COLUMN alerted_at timestamptz,
  -- When the last of its alerts was heard to be resolved, and when that was by the source's own word.
  ADD COLUMN resolved_at timestamptz,
  ADD COLUMN alerts_until timestamptz,
  ADD COLUMN flaps int NOT NULL DEFAULT 0,
  -- The look that confirms the end could not begin yet.
  ADD COLUMN closing_due boolean NOT NULL DEFAULT false,
  -- When it was last looked at although no alert had said anything new.
  ADD COLUMN unprompted_at timestamptz,
  ADD COLUMN storm_id uuid REFERENCES diag503.storm ON DELETE SET NULL;
CREATE INDEX incident_newest_of_service ON diag503.incident (service, opened_at DESC);
CREATE INDEX incident_alerted ON diag503.incident (alerted_at) WHERE alerted_at IS NOT NULL;
CREATE INDEX incident_closing_due ON diag503.incident (service) WHERE closing_due;
CREATE INDEX incident_of_storm ON diag503.incident (storm_id) WHERE storm_id IS NOT NULL;

-- One row for each trouble that a source has a name for, however often it comes.
CREATE TABLE diag503.alert (
  service text NOT NULL,
  source text NOT NULL,
  fingerprint text NOT NULL,
  -- Null while it is held: in maintenance, or without a channel.
  incident_id uuid REFERENCES diag503.incident ON DELETE SET NULL,
  -- `lapsed`: nobody has said for a day that it still fires.
  state text NOT NULL CHECK (state IN ('firing', 'resolved', 'lapsed')),
  title text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  starts_at timestamptz NOT NULL,
  -- Of the newest that was resolved: what began before that is over.
  resolved_up_to timestamptz,
  labels json NOT NULL,
  link text,
  count int NOT NULL DEFAULT 0,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (service, source, fingerprint)
);
CREATE INDEX alert_firing_of_incident ON diag503.alert (incident_id) WHERE state = 'firing';
CREATE INDEX alert_of_incident ON diag503.alert (incident_id);
CREATE INDEX alert_firing ON diag503.alert (last_seen_at) WHERE state = 'firing';

CREATE TABLE diag503.unmatched_alert (
  source text NOT NULL,
  fingerprint text NOT NULL,
  title text NOT NULL,
  labels json NOT NULL,
  count int NOT NULL DEFAULT 1,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (source, fingerprint)
);
CREATE INDEX unmatched_alert_age ON diag503.unmatched_alert (last_seen_at DESC);

CREATE TABLE diag503.silence (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  incident_id uuid NOT NULL REFERENCES diag503.incident ON DELETE CASCADE,
  service text NOT NULL,
  by_user text NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Null: until its alerts resolve.
  until timestamptz,
  severity text,
  ended_at timestamptz
);
CREATE UNIQUE INDEX silence_one_per_incident ON diag503.silence (incident_id) WHERE ended_at IS NULL;

ALTER TABLE diag503.message
  ALTER COLUMN incident_id DROP NOT NULL,
  ALTER COLUMN run_id DROP NOT NULL,
  ADD COLUMN storm_id uuid REFERENCES diag503.storm ON DELETE CASCADE,
  -- Of kind `unmatched`: which day it is about.
  ADD COLUMN day date,
  DROP CONSTRAINT message_kind_check;
ALTER TABLE diag503.message ADD CONSTRAINT message_kind_check
  CHECK (kind IN ('headline', 'verdict', 'evidence', 'remediation', 'flapping', 'storm', 'unmatched'));
ALTER TABLE diag503.message ADD CONSTRAINT message_of_an_incident
  CHECK (kind IN ('storm', 'unmatched') OR (incident_id IS NOT NULL AND run_id IS NOT NULL));
CREATE UNIQUE INDEX message_flapping_of_incident ON diag503.message (incident_id) WHERE kind = 'flapping';
CREATE UNIQUE INDEX message_of_storm ON diag503.message (storm_id) WHERE kind = 'storm';
CREATE UNIQUE INDEX message_unmatched_of_day ON diag503.message (day) WHERE kind = 'unmatched';

-- When the next message of a channel may be sent, whichever worker sends it.
CREATE TABLE diag503.channel_pace (
  channel text PRIMARY KEY,
  free_at timestamptz NOT NULL
);

-- Down Migration
DROP TABLE diag503.channel_pace;
DELETE FROM diag503.message WHERE kind IN ('flapping', 'storm', 'unmatched');
ALTER TABLE diag503.message
  DROP CONSTRAINT message_of_an_incident,
  DROP CONSTRAINT message_kind_check,
  DROP COLUMN storm_id,
  DROP COLUMN day,
  ALTER COLUMN incident_id SET NOT NULL,
  ALTER COLUMN run_id SET NOT NULL;
DROP INDEX diag503.message_flapping_of_incident;
ALTER TABLE diag503.message ADD CONSTRAINT message_kind_check
  CHECK (kind IN ('headline', 'verdict', 'evidence', 'remediation'));
DROP TABLE diag503.silence, diag503.unmatched_alert, diag503.alert, diag503.alert_delivery;
DROP INDEX diag503.incident_newest_of_service;
ALTER TABLE diag503.incident
  DROP COLUMN alert_count, DROP COLUMN severity, DROP COLUMN alerts_since, DROP COLUMN alerted_at,
  DROP COLUMN resolved_at, DROP COLUMN alerts_until, DROP COLUMN flaps, DROP COLUMN closing_due, DROP COLUMN unprompted_at,
  DROP COLUMN storm_id;
DROP TABLE diag503.storm;
