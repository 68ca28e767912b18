import { Run } from '../model/incident.js';
import type { Row } from './database.js';
import { parseRow } from './row.js';

export const RUN_COLUMNS = [
  'id, incident_id AS "incidentId", service, state, origin, progress, requested_at AS "requestedAt"',
  'started_at AS "startedAt", finished_at AS "finishedAt", document, error',
].join(', ');

export const runOrNull = ([row]: Row[]): Run | null => (row === undefined ? null : parseRow(Run, row));
