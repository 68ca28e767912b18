import { isBad, isSilent } from '../checks/evidence/answers.js';
import { USED_UP } from '../checks/cpu-saturated.js';
import type { Finding } from '../model/finding.js';
import { badHosts, goodHosts, type Case } from './case.js';
import { LATE_MS } from './causal-rules.js';

/**
 * R11: on each host that fails, late, the workers wait for a core, or for a quota that is used up, and on no host that does
 * well. Of the findings of one check the ones that tell so; undefined where it is otherwise.
 */
export const starvedAlone = (given: Case, findings: readonly Finding[]): readonly Finding[] | undefined => {
  const [bad, good] = [[...badHosts(given)], goodHosts(given)];
  if (bad.length === 0 || good.length === 0 || !areLate(given)) return undefined;
  const starved = findings.filter(({ workers }) => workers === 'starve');
  const held = starved.filter(({ summary }) => summary.includes(USED_UP));
  const isOn = (those: readonly Finding[], host: string): boolean =>
    those.some(({ target }) => target.name === host);
  // One that computes has no core to spare, either.
  if (bad.every((host) => isOn(starved, host)) && !good.some((host) => isOn(findings, host))) return starved;
  if (bad.every((host) => isOn(held, host)) && !good.some((host) => isOn(held, host))) return held;
  return undefined;
};

/** 2.1: who waits for a core says nothing, or says it late. */
const areLate = ({ sightings: { app } }: Case): boolean =>
  app.every(
    ({ answer }) =>
      !isBad(answer) || isSilent(answer) || answer.status === 504 || answer.firstByteMs >= LATE_MS,
  );
