import type { ServiceAlert } from '../model/alert.js';
import { type Decision, decideRun, type Standing } from '../model/decide-run.js';
import { isGraver } from '../model/episode.js';
import {
  type AlertName,
  type KnownAlert,
  nameOf,
  type PolicyOf,
  type ServiceStanding,
  standingIn,
  standingsOf,
} from './alert-standing.js';
import type { Query } from './database.js';
import { countIn, type Heard, keepAlerts, type Notice } from './keep-alerts.js';
import { isKept, takeAlert, type Taken } from './take-alert.js';

/**
 * Decides on many alerts in their order, as if one came after the other. What only counts is by far the most of a storm:
 * it changes nothing that the next decision could not know without asking, so it is written together. All else is done
 * at once, and what is known of its service is read anew. The caller holds the locks of the services.
 */
export function alertTaker(query: Query, alerts: readonly ServiceAlert[], policyOf: PolicyOf) {
  const standings = new Map<string, ServiceStanding>();
  let unwritten = new Map<string, Heard>();
  let next = 0;

  const write = async (): Promise<void> => {
    const heard = [...unwritten.values()];
    unwritten = new Map();
    await keepAlerts(query, heard);
    await countIn(query, heard.flatMap(noticeOf));
  };
  const read = async (names: readonly AlertName[]): Promise<void> => {
    for (const [service, standing] of await standingsOf(query, names, policyOf))
      standings.set(service, standing);
  };
  const standingFor = async ({ service }: ServiceAlert): Promise<ServiceStanding> => {
    const left = (): readonly ServiceAlert[] => alerts.slice(next);
    if (standings.size === 0) await read(left());
    else if (!standings.has(service)) await read(left().filter((each) => each.service === service));
    const standing = standings.get(service);
    if (standing === undefined) throw new Error(`nothing was read of ${service}`);
    return standing;
  };

  return {
    /** The next one of the alerts that were given. */
    take: async (alert: ServiceAlert): Promise<Taken> => {
      const service = await standingFor(alert);
      next += 1;
      const standing = standingIn(service, alert);
      const decision = decideRun(alert, standing);
      if (!isPlain(decision, standing)) {
        await write();
        standings.delete(alert.service);
        return takeAlert(query, alert, { decision, standing, policy: policyOf(alert.service) });
      }
      const incidentId = decision.incident === 'joined' ? (standing.incident?.id ?? null) : null;
      if (isKept(alert, decision)) {
        const name = `${alert.service} ${nameOf(alert)}`;
        if (unwritten.has(name)) await write();
        unwritten.set(name, { alert, decision, incidentId });
        follow(service, alert, decision);
      }
      const recounts = incidentId !== null && (decision.counts || decision.resolves);
      return { decision, incidentId, run: null, messages: [], recounts, audit: [] };
    },
    /** Nothing is stored before. */
    write,
  };
}

const noticeOf = ({ alert, decision, incidentId }: Heard): Notice[] =>
  incidentId === null || !decision.counts ? [] : [{ ...alert, incidentId }];

/** It begins nothing and ends nothing but itself. */
const isPlain = ({ incident, run, endsSilence, resolves }: Decision, standing: Standing): boolean =>
  (incident === 'joined' || incident === 'none') &&
  run === null &&
  !endsSilence &&
  !(resolves && standing.incident?.othersFiring === 0);

/** What is known after it was taken. */
function follow(service: ServiceStanding, alert: ServiceAlert, decision: Decision): void {
  const { incident, known } = service;
  const before = known.get(nameOf(alert)) ?? null;
  const after = decision.counts
    ? firingAfter(before, alert, incident?.id ?? null)
    : resolvedAfter(before, alert, decision, service.now);
  known.set(nameOf(alert), after);
  if (incident === null) return;
  incident.firing += firesIn(after, incident.id) - firesIn(before, incident.id);
  if (decision.counts && isGraver(alert.severity, incident.severity)) incident.severity = alert.severity;
}

const firesIn = (known: KnownAlert | null, incidentId: string): 0 | 1 =>
  known?.isFiring === true && known.incidentId === incidentId ? 1 : 0;

const firingAfter = (
  before: KnownAlert | null,
  { startsAt }: ServiceAlert,
  incidentId: string | null,
): KnownAlert => ({ isFiring: true, startsAt, resolvedUpTo: before?.resolvedUpTo ?? null, incidentId });

function resolvedAfter(
  before: KnownAlert | null,
  { startsAt }: ServiceAlert,
  { resolves }: Decision,
  now: number,
): KnownAlert {
  const notAhead = (at: string): string => (Date.parse(at) > now ? new Date(now).toISOString() : at);
  if (before === null)
    return { isFiring: false, startsAt, resolvedUpTo: notAhead(startsAt), incidentId: null };
  const times = [startsAt, ...(resolves ? [before.startsAt] : [])];
  return {
    ...before,
    isFiring: before.isFiring && !resolves,
    resolvedUpTo: notAhead(times.reduce(later, before.resolvedUpTo ?? startsAt)),
  };
}

const later = (one: string, other: string): string => (Date.parse(one) > Date.parse(other) ? one : other);
