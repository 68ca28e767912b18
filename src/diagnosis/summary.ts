import { SPARED } from '../checks/cpu-saturated.js';
import { CAUSE_NAMES, countOf } from '../model/words.js';
import type { HostReach, Unknown } from '../model/verdict.js';
import type { Case } from './case.js';
import { bandOf } from './confidence.js';
import { groupSummary } from './chain.js';
import { isElsewhere, type Candidate, type Ranking } from './rank.js';
import { symptomWords } from './symptom.js';

/** The headline's one sentence: number first, units, no blame (design 1.7). */
export const causeSummary = (given: Case, { candidates, tied }: Ranking): string => {
  const [root, ...others] = candidates;
  if (root === undefined) return '';
  const hostCount = given.service.hosts.length;
  const first = groupSummary(root.findings, hostCount);
  const second = others.find(({ cause }) => cause !== root.cause);
  const beside =
    second === undefined ? '' : besideWords(root, second, tied, groupSummary(second.findings, hostCount));
  const said = `${first}${beside}`;
  return `${said}${statusWords(given, said)}`;
};

const besideWords = (root: Candidate, second: Candidate, tied: boolean, words: string): string => {
  if (tied)
    return `; or ${CAUSE_NAMES[second.cause]}: ${words} (the evidence does not decide between the two)`;
  if (isElsewhere(root, second) && root.coverage < 1) return `; and ${words}`;
  return root.atEmitter ? `; behind it: ${words}` : `; also broken: ${words}`;
};

/** 502, 504 and 500 are explained by the same rules; the reader must know which it was. */
const statusWords = ({ symptom: { state, status, summary } }: Case, said: string): string => {
  if (state === 'unseen') return ` (${summary})`;
  const isSaid = status === null || status === 503 || said.includes(`answers ${status}`);
  return isSaid ? '' : ` (seen: ${status})`;
};

export const healthySummary = (given: Case): string => {
  const { symptom, findings, hosts, service } = given;
  const reached = hosts.filter((host) => host.reached).length;
  const lost = reached === hosts.length ? '' : `; ${reached} of ${countOf(hosts.length, 'host')} reached`;
  const [first, ...rest] = findings.toSorted((a, b) => bandOf(b.confidence) - bandOf(a.confidence));
  if (first === undefined) return `${symptomWords(symptom, null)}${lost}; no check failed`;
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`;
  return `${symptomWords(symptom, null)}${lost}; beside it: ${groupSummary([first], service.hosts.length)}${more}`;
};

/** The machine is busy, and the service neither uses nor wants a core: that leads nobody anywhere. */
const isIdleCpu = ({ findings }: Candidate): boolean =>
  findings.every(({ summary }) => summary.endsWith(SPARED));

/** What was seen, who said it, and what is missing: never a guess as fact. */
export const inconclusiveSummary = (given: Case, { hints }: Ranking, unknown: readonly Unknown[]): string => {
  const { symptom, emitter, service } = given;
  const hint = hints.find((candidate) => !isIdleCpu(candidate));
  const hintWords =
    hint === undefined ? '' : `; only a hint: ${groupSummary(hint.findings, service.hosts.length)}`;
  return `${symptomWords(symptom, emitter.writer)}; no cause proven${hintWords}; ${missingWords(given, unknown)}`;
};

const missingWords = ({ emitter, symptom }: Case, unknown: readonly Unknown[]): string => {
  const [first, ...rest] = unknown;
  if (first !== undefined) {
    const more = rest.length === 0 ? '' : `, and ${rest.length} more`;
    return `missing: ${first.target.name}: ${first.reason}${more}`;
  }
  if (emitter.signature === 'nginx' && symptom.status === 503) {
    return 'nginx answers 503 of its own only for a rate limit or a `return 503`: look at its configuration';
  }
  return emitter.hop === 'app'
    ? 'missing: the reason in the application\u2019s own log'
    : 'missing: a check that knows this trouble';
};

export const unreachableSummary = (hosts: readonly HostReach[]): string => {
  const reasons = new Map<string, string[]>();
  for (const { name, reason = 'no reason given' } of hosts) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  }
  const words = [...reasons].map(([reason, names]) => `${names.join(', ')}: ${reason}`);
  return `0 of ${countOf(hosts.length, 'host')} reached; ${words.join('; ')}`;
};
