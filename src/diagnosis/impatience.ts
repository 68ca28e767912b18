import { isServed, isSilent, UNAVAILABLE } from '../checks/evidence/answers.js';
import type { BalancerLog } from '../probes/balancer-log.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { RECENT_SECONDS } from './others.js';
import type { HostAnswer } from './sightings.js';

/** Served in a row while we asked: more than a moment between two troubles. Ours. */
const SERVED_SINCE = 5;

/** The log tells of a request at its end. Where a member leaves them hanging they pile up there. Ours. */
const FEW_SESSIONS = 3;
const LATELY_SECONDS = 20;
/** Twice what we wait for a page. Ours. */
const QUIET_SECONDS = 10;

type Around = {
  readonly app: readonly HostAnswer[];
  readonly hosts: readonly string[];
  readonly log: BalancerLog | undefined;
  /** Of one member, at this moment. */
  readonly mostSessions: number;
};

/**
 * Our own public requests without those that we did not wait long enough for: a page may be slow, and is no failure to
 * users while all of them get theirs. That nobody is left hanging is known where each host answered us in the end.
 */
export const withoutImpatience = (
  answers: readonly HttpAnswer[],
  { app, hosts, log, mostSessions }: Around,
): readonly HttpAnswer[] => {
  const areAllServed =
    log !== undefined &&
    log.servedSince >= SERVED_SINCE &&
    mostSessions <= FEW_SESSIONS &&
    log.spans.some(({ ageSeconds, served }) => ageSeconds <= LATELY_SECONDS && served > 0) &&
    log.spans.every(({ ageSeconds, unavailable }) => ageSeconds > QUIET_SECONDS || unavailable === 0) &&
    !log.failed.some(({ ageSeconds, status }) => UNAVAILABLE.has(status) && ageSeconds <= QUIET_SECONDS) &&
    // Counted by its begin, what ran out of time just now is of a span long ago.
    !log.failed.some(({ ageSeconds, status }) => status === 504 && ageSeconds <= RECENT_SECONDS);
  const answerInTheEnd = hosts.every((name) =>
    app.some(({ host, answer }) => host === name && isServed(answer)),
  );
  return areAllServed && answerInTheEnd && answers.some(isServed)
    ? answers.filter((answer) => !isSilent(answer))
    : answers;
};
