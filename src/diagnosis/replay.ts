import type { StoredRun } from '../model/stored-run.js';
import { RUN_DOCUMENT_VERSION, type RunDocument } from '../model/verdict.js';
import { judge } from './judge.js';
import { RULES_VERSION } from './rules-version.js';

/** Judges a stored run by the rules of today. Pure: the same file gives the same document. */
export const replay = (stored: StoredRun): RunDocument => {
  const { service, readings, hosts, now } = stored;
  const { id, startedAt } = stored.run ?? { id: UNKNOWN_RUN, startedAt: earliest(stored) };
  const run = {
    id,
    startedAt,
    durationMs: Math.max(0, Date.parse(now) - Date.parse(startedAt)),
    rulesVersion: RULES_VERSION,
  };
  return {
    version: RUN_DOCUMENT_VERSION,
    service: service.name,
    run,
    ...judge({ service, readings, hosts, now }),
  };
};

const UNKNOWN_RUN = '00000000-0000-0000-0000-000000000000';

/** Clocks of hosts may be ahead: a run does not start after it was judged. */
const earliest = ({ readings, now }: StoredRun): string =>
  readings.reduce((first, { at }) => (Date.parse(at) < Date.parse(first) ? at : first), now);
