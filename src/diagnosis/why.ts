import { checks as allChecks } from '../checks/index.js';
import type { Check } from '../checks/define-check.js';
import type { Why } from '../model/explanation.js';
import type { Verdict } from '../model/verdict.js';
import { becauseOf, explainsOf } from './because.js';
import type { Case } from './case.js';
import { NOT_RUNNING } from './check-groups.js';
import { verdictDoubts } from './confidence.js';
import { consideredOf } from './considered.js';
import { notConfigured } from './not-configured.js';
import { notLookedAt } from './not-looked-at.js';
import type { Observations } from './observe.js';
import type { Candidate, Ranking } from './rank.js';

/** The verdict in plain words: why this, what follows, what would have contradicted it, what else, and what nobody saw. */
export const whyOf = (
  given: Case,
  ranking: Ranking,
  verdict: Verdict,
  { seen, checks = allChecks }: { seen: Observations; checks?: readonly Check[] | undefined },
): Why => {
  const root = verdict.status === 'cause-found' ? ranking.candidates[0] : undefined;
  return {
    because: root === undefined ? null : becauseOf(given, root),
    explains: root === undefined ? [] : explainsOf(given, root),
    wouldContradict: root === undefined ? [] : wouldContradict(given, root, checks),
    doubts: root === undefined ? [] : doubtsOf(given, ranking, verdict, root),
    considered: verdict.status === 'healthy' ? [] : consideredOf(given, ranking, verdict.chain),
    notLookedAt: [...notLookedAt(given), ...notConfigured(given, verdict, seen)],
  };
};

/** Only what was looked at: the facts of a failed check, and whether the app answers. */
const wouldContradict = (
  { sightings: { app, health } }: Case,
  { check, findings }: Candidate,
  checks: readonly Check[],
): string[] => {
  const refutedBy = checks.find(({ id }) => id === check)?.refutedBy;
  const asked = findings.every(({ target }) => [...app, ...health].some(({ host }) => host === target.name));
  return [
    ...(refutedBy === undefined ? [] : [refutedBy]),
    ...(NOT_RUNNING.has(check) && asked ? ['an answer of the app'] : []),
  ];
};

const doubtsOf = (given: Case, { tied }: Ranking, { confidence }: Verdict, root: Candidate): string[] => {
  if (confidence === 'confirmed') return [];
  if (tied) return ['the evidence does not decide between two causes'];
  const doubts = [...root.doubts, ...verdictDoubts(given, root)].map(({ words }) => words);
  return doubts.length > 0 ? doubts : ['the evidence fits, and does not prove it'];
};
