import { isServed, isSilent } from '../checks/evidence/answers.js';
import type { BalancerLog } from '../probes/balancer-log.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { RECENT_SECONDS } from './others.js';
import type { HostAnswer } from './sightings.js';

/** Served in a row while we asked: more than a moment between two troubles. Ours. */
const SERVED_SINCE = 5;

/**
 * Our own public requests without those that we did not wait long enough for: a page may be slow, and is no failure to
 * users while all of them get theirs. That nobody is left hanging is known where each host answered us in the end.
 */
export const withoutImpatience = (
  answers: readonly HttpAnswer[],
  app: readonly HostAnswer[],
  hosts: readonly string[],
  log: BalancerLog | undefined,
): readonly HttpAnswer[] => {
  const areAllServed =
    log !== undefined &&
    log.servedSince >= SERVED_SINCE &&
    log.spans.every(({ ageSeconds, unavailable }) => ageSeconds > RECENT_SECONDS || unavailable === 0);
  const answerInTheEnd = hosts.every((name) =>
    app.some(({ host, answer }) => host === name && isServed(answer)),
  );
  return areAllServed && answerInTheEnd && answers.some(isServed)
    ? answers.filter((answer) => !isSilent(answer))
    : answers;
};
