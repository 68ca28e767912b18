import type { Confidence } from '../model/cause.js';
import type { Case } from './case.js';
import { edgesBetween } from './explain.js';
import { EDGES } from './causal-order.js';
import type { Candidate } from './rank.js';

const BANDS: readonly Confidence[] = ['possible', 'likely', 'confirmed'];

export const bandOf = (confidence: Confidence): number => BANDS.indexOf(confidence);

/** Never below `possible`. */
export const lowered = (confidence: Confidence, steps = 1): Confidence =>
  BANDS[Math.max(0, bandOf(confidence) - steps)] ?? 'possible';

/** The root's band, lowered by each kind of evidence that is missing (3.3, R13, R14). Nothing raises it. */
export const verdictConfidence = (given: Case, root: Candidate): Confidence => {
  if (root.atEmitter) return root.confidence;
  const doubts = [
    given.hosts.some(({ reached }) => !reached),
    given.symptom.state === 'unseen',
    hasUnknownUpstream(given, root),
  ];
  return lowered(root.confidence, doubts.filter(Boolean).length);
};

/** A check of another cause that could explain the root away, had it been readable. Lost hosts count on their own. */
const hasUnknownUpstream = (given: Case, root: Candidate): boolean => {
  const upstream = new Set(EDGES.filter(({ to }) => to.includes(root.check)).flatMap(({ from }) => from));
  return given.evaluations.some(
    ({ check, cause, target, outcome, gaps }) =>
      (outcome.status === 'unknown' || (outcome.status === 'passed' && gaps.length > 0)) &&
      cause !== root.cause &&
      !given.hosts.some(({ name, reached }) => !reached && target.kind === 'host' && target.name === name) &&
      upstream.has(check) &&
      root.findings.some(
        (finding) =>
          (target.kind !== 'host' || finding.target.kind !== 'host' || finding.target.name === target.name) &&
          edgesBetween(check, root.check).some(
            ({ when }) => when === undefined || when(given, finding, null),
          ),
      ),
  );
};
