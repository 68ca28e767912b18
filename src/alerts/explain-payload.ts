import type { Alert, AlertSource } from '../model/alert.js';
import type { Inventory } from '../model/service.js';
import type { AlertReading, AlertSourceKind } from './define-source.js';
import { alertSources } from './index.js';
import { type AlertMatch, matchAlert } from './match-alert.js';
import { parseBody } from './parse-json.js';
import { payloadProblem } from './receive-alerts.js';

export type ExplainedAlert = { alert: Alert; match: AlertMatch | null };

/** What a payload would be to the bot: whose, or of no source and why of none. */
export type Explanation =
  | { valid: true; source: AlertSource; alerts: ExplainedAlert[]; note: string | null }
  | { valid: false; problems: string[] };

type Options = { source?: AlertSource | undefined; inventory: Inventory; now: number };

/** Who sent it is not looked at: a file has no headers. Without a source, the one that the payload fits. */
export function explainPayload(body: Buffer, { source, inventory, now }: Options): Explanation {
  const world = { now: () => now };
  const kinds = source === undefined ? Object.values(alertSources) : [alertSources[source]];
  const tried = kinds.map((kind) => ({ kind, ...attempt(kind, body, world) }));
  const fitting = tried.flatMap(({ kind, reading }) => (reading === null ? [] : [{ kind, reading }]));
  const [only, ...others] = fitting;
  if (only === undefined) {
    const problems = tried.map(({ kind, problem }) => `${kind.id}: ${problem}`);
    const common = tried.length > 1 && tried.every(({ problem }) => problem === tried[0]?.problem);
    return { valid: false, problems: common ? [tried[0]?.problem ?? ''] : problems };
  }
  if (others.length > 0)
    return {
      valid: false,
      problems: [`it fits ${fitting.map(({ kind }) => kind.id).join(' and ')}; name one with --source`],
    };
  const { kind, reading } = only;
  const alerts = reading.alerts.map((alert) => ({ alert, match: matchAlert(alert, inventory) }));
  return { valid: true, source: kind.id, alerts, note: reading.note ?? null };
}

function attempt(
  kind: AlertSourceKind,
  body: Buffer,
  world: { now(): number },
): { reading: AlertReading; problem: '' } | { reading: null; problem: string } {
  try {
    return { reading: kind.read(parseBody(body), world), problem: '' };
  } catch (error) {
    const problem = payloadProblem(error);
    if (problem === null) throw error;
    return { reading: null, problem };
  }
}
