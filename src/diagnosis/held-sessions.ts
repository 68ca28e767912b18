import { hostOf } from '../checks/evidence/members.js';
import type { Finding } from '../model/finding.js';
import type { Case } from './case.js';
import type { When } from './causal-rules.js';
import { QUEUES } from './check-groups.js';

/**
 * 3.1: requests that nobody works off each keep a session of HAProxy. Where the hosts that have such a queue hold half of
 * the sessions or less, others fill the frontend.
 */
export const holdMostSessions: When = (given) => {
  const { service, findings, sightings } = given;
  const queued = new Set(
    findings.flatMap(({ check, target }) => (QUEUES.includes(check) ? [target.name] : [])),
  );
  const members = sightings.balancer?.members ?? [];
  const held = members.filter((member) => queued.has(hostOf(member, service.hosts) ?? ''));
  const all = sessionsOf(members);
  return all === 0 || sessionsOf(held) > all / 2;
};

const sessionsOf = (members: readonly { readonly sessions: number }[]): number =>
  members.reduce((sum, { sessions }) => sum + sessions, 0);

/** A frontend that accepts nobody, before hosts that mostly serve: what fails behind it is not what users meet. */
export const acceptsNobody = (given: Case, { check, confidence }: Finding): boolean =>
  check === 'frontend-full' && confidence !== 'possible' && given.symptom.status === null;
