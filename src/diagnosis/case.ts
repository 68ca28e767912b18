import { isBad } from '../checks/evidence/answers.js';
import { areWaitedFor, hostOf } from '../checks/evidence/members.js';
import type { Finding } from '../model/finding.js';
import type { Service } from '../model/service.js';
import type { HostReach } from '../model/verdict.js';
import type { Evaluation } from './evaluate.js';
import type { Emitter } from './hop.js';
import type { Sightings } from './sightings.js';
import type { Symptom } from './symptom.js';

/** Everything that the rules of ranking may look at. */
export type Case = {
  readonly service: Service;
  readonly hosts: readonly HostReach[];
  readonly sightings: Sightings;
  readonly symptom: Symptom;
  readonly emitter: Emitter;
  readonly evaluations: readonly Evaluation[];
  readonly findings: readonly Finding[];
};

/**
 * Hosts whose app or health endpoint answers badly or not at all, or too slowly for whoever waits in front: where the
 * balancer's own check of it ran out of time, a request of ours between two waves was prompt by chance.
 */
export const badHosts = ({
  service,
  sightings: { app, health, balancer },
  findings,
}: Case): ReadonlySet<string> => {
  const waitedFor = new Set(
    (balancer?.members ?? [])
      .filter((member) => areWaitedFor([member]))
      .map((member) => hostOf(member, service.hosts)),
  );
  return new Set([
    ...[...app, ...health].flatMap(({ host, answer }) => (isBad(answer) ? [host] : [])),
    ...findings.flatMap(({ check, target, confidence }) =>
      target.kind === 'host' &&
      confidence !== 'possible' &&
      (TOO_SLOW.has(check) || (check === 'workers-busy' && waitedFor.has(target.name)))
        ? [target.name]
        : [],
    ),
  ]);
};
const TOO_SLOW: ReadonlySet<string> = new Set(['health-endpoint-slow', 'accept-queue-full']);

/** Hosts that were heard and answered well each time. */
export const goodHosts = (given: Case): readonly string[] => {
  const bad = badHosts(given);
  const { service, sightings } = given;
  return service.hosts.filter((host) => !bad.has(host) && !sightings.unseenHosts.includes(host));
};

/** The finding's own words and quotes: where rules look for a named dependency, an OOM kill, a full disk. */
export const textOf = ({ summary, evidence }: Finding): string =>
  [summary, ...evidence.map(({ excerpt }) => excerpt)].join('\n');

export const hasFailed = ({ findings }: Case, checks: readonly string[], host?: string): boolean =>
  findings.some(
    ({ check, target, confidence }) =>
      confidence !== 'possible' &&
      checks.includes(check) &&
      (host === undefined || target.kind !== 'host' || target.name === host),
  );

/** Each of our own requests was refused by the app itself, and none by HAProxy, which refuses where it takes members out. */
export const appWroteOurs = ({ emitter, sightings: { app, publicAnswers, balancerWords } }: Case): boolean =>
  emitter.hop === 'app' &&
  publicAnswers.length > 0 &&
  publicAnswers.every(isBad) &&
  app.some(({ answer }) => isBad(answer)) &&
  balancerWords.every((word) => word === 'passed-on');
