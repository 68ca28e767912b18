import type { Cause } from '../model/cause.js';
import type { Finding } from '../model/finding.js';
import { badHosts, goodHosts, type Case } from './case.js';
import { HEALTH_SYMPTOMS } from './check-groups.js';
import { failsFrom } from './causal-rules.js';

/** R13: the share of the bad hosts that these reach, 0..1. A shared fault reaches every host, unless good hosts show that it does not (R11). */
export const coverageOf = (given: Case, findings: readonly Finding[]): number => {
  const bad = badHosts(given);
  const hosts = new Set(findings.flatMap(({ target }) => (target.kind === 'host' ? [target.name] : [])));
  if (hosts.size === 0) return isBehind(findings) ? sharedCoverage(given, findings) : 1;
  // Who answered us well may still turn others away.
  if (bad.size === 0)
    return goodHosts(given).length > 0 && given.sightings.others === null
      ? inFrontCoverage(findings)
      : hosts.size / given.service.hosts.length;
  return [...bad].filter((host) => hosts.has(host)).length / (bad.size + heldDown(given));
};

/** Good hosts that the balancer's check keeps from serving: what is wrong on the others is half of the story. */
const heldDown = (given: Case): number =>
  given.emitter.hop === 'balancer' &&
  given.findings.some(
    ({ check, confidence }) => check === 'member-down-though-healthy' && confidence !== 'possible',
  )
    ? goodHosts(given).length
    : 0;

/** R11: all bad hosts and no good one must stand behind what is shared; else half of the story is missing. */
const sharedCoverage = (given: Case, findings: readonly Finding[]): number => {
  const [bad, good] = [[...badHosts(given)], goodHosts(given)];
  if (bad.length === 0 || good.length === 0) return 1;
  const hit = new Set(findings.flatMap((finding) => [...failsFrom(finding)]));
  return bad.every((host) => hit.has(host)) && !good.some((host) => hit.has(host)) ? 1 : 0.5;
};

const isBehind = (findings: readonly Finding[]): boolean =>
  findings.some(({ cause }) => cause === 'dependency' || cause === 'database-connections');

/** All hosts answer well: only what stands in front of them can still reach the user. */
const inFrontCoverage = (findings: readonly Finding[]): number =>
  findings.some(
    ({ cause, check }) => (FRONT.has(cause) || OF_THE_FRONT.has(check)) && !HEALTH_SYMPTOMS.has(check),
  )
    ? 1
    : 0;
/** What stands before the app: overloaded, or not there. */
const OF_THE_FRONT: ReadonlySet<string> = new Set([
  'proxy-connections-exhausted',
  'proxy-not-answering',
  'frontend-full',
  'balancer-not-listening',
]);
const FRONT: ReadonlySet<Cause> = new Set(['deliberate', 'routing', 'health-check', 'deployment']);

/**
 * A unit that does not stay up shows another state at each moment: while one host is between two starts, another is in
 * the middle of one. That nothing stays up is proven on both.
 */
export const otherPhases = (first: Finding, roots: readonly Finding[]): Finding[] =>
  isPhase(first)
    ? roots.filter(
        (root) =>
          root.check !== first.check &&
          isPhase(root) &&
          root.cause === first.cause &&
          root.confidence !== 'possible',
      )
    : [];

const PHASES: ReadonlySet<string> = new Set([
  'unit-crash-looping',
  'unit-failed',
  'unit-starting',
  'unit-stopping',
  'unit-inactive',
]);

/** Who was stopped by somebody, or waits for a condition, does not come and go. */
export const isPhase = ({ check, summary }: Finding): boolean =>
  PHASES.has(check) && (check !== 'unit-inactive' || /ended by itself/.test(summary));
