import type { RunDocument } from './verdict.js';

/** Where the right answer is to press nothing: why, and what its owner does next. */
export type Advice = { why: string; next: string };

const ROLLOUT: Advice = {
  why: 'a rollout is in progress, and a restart in the middle of it makes two troubles out of one',
  next: 'Wait until it is through, or ask whoever deploys to pause it; then run again.',
};
const DEPENDENCY: Advice = {
  why: 'what the service depends on is failing, and a service that is restarted meanwhile may not even start',
  next: 'Whoever owns the dependency restores it first; then run again.',
};
const ON_PURPOSE: Advice = {
  why: 'the service is refused on purpose',
  next: 'Ask whoever switched that on; it is theirs to switch off.',
};

/** By the check at the root of the chain. A stored run may name any, `valueOf` among them. */
const ADVICE: ReadonlyMap<string, Advice> = new Map(
  Object.entries({
    'rollout-in-progress': ROLLOUT,
    'dependency-unreachable': DEPENDENCY,
    'dependency-failing': DEPENDENCY,
    'dependency-slow': DEPENDENCY,
    'undeclared-dependency': DEPENDENCY,
    'neighbour-unit-down': DEPENDENCY,
    'auth-request-failing': DEPENDENCY,
    'certificate-expired': { ...DEPENDENCY, next: 'Whoever owns the certificate renews it; then run again.' },
    'maintenance-mode': ON_PURPOSE,
    'rate-limited': ON_PURPOSE,
    'app-rate-limited': ON_PURPOSE,
    'concurrency-limited': ON_PURPOSE,
    'unit-starting': {
      why: 'the service is starting, and starting it again would only begin anew',
      next: 'Give it the time that it needs; then run again.',
    },
  }),
);

/** Null: there is no reason to hold back. */
export const adviceFor = ({ verdict }: Pick<RunDocument, 'verdict'>): Advice | null =>
  ADVICE.get(verdict.chain[0]?.check ?? '') ?? null;
