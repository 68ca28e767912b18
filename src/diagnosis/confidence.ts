import { isServed } from '../checks/evidence/answers.js';
import type { Confidence } from '../model/cause.js';
import type { Finding } from '../model/finding.js';
import type { Case } from './case.js';
import { failsFrom } from './causal-rules.js';
import { edgesBetween } from './explain.js';
import { EDGES } from './causal-order.js';
import { phraseOf } from './link-phrases.js';
import type { Candidate } from './rank.js';

const BANDS: readonly Confidence[] = ['possible', 'likely', 'confirmed'];

export const bandOf = (confidence: Confidence): number => BANDS.indexOf(confidence);

/** Never below `possible`. */
export const lowered = (confidence: Confidence, steps = 1): Confidence =>
  BANDS[Math.max(0, bandOf(confidence) - steps)] ?? 'possible';

/** What is missing, for the reader, and by how many bands it lowers (3.3, R13, R14). */
export type Doubt = { readonly words: string; readonly steps: number };

export const loweredBy = (confidence: Confidence, doubts: readonly Doubt[]): Confidence =>
  lowered(
    confidence,
    doubts.reduce((sum, { steps }) => sum + steps, 0),
  );

/** The root's band, lowered by each kind of evidence that is missing. Nothing raises it. */
export const verdictConfidence = (given: Case, root: Candidate): Confidence =>
  loweredBy(root.confidence, verdictDoubts(given, root));

/** What is missing of the whole run, beside what the root lacks itself. */
export const verdictDoubts = (given: Case, root: Candidate): Doubt[] => {
  if (root.atEmitter) return [];
  const lost = given.hosts.filter(({ reached }) => !reached).map(({ name }) => name);
  const unknown = unknownUpstream(given, root);
  return [
    ...(lost.length === 0 ? [] : [`${lost.join(', ')} ${lost.length === 1 ? 'was' : 'were'} not reached`]),
    ...(given.sightings.others === null || COUNT_REQUESTS.has(root.check)
      ? []
      : ['our own requests were served']),
    ...(isServedThere(given, root) ? ['the app answers well where it was missed, and others reach it'] : []),
    ...(areOutwaited(given, root)
      ? ['where the app answers well, too, our own questions ran out of time']
      : []),
    ...(given.symptom.state === 'unseen' ? ['nothing tells what users get now'] : []),
    ...(unknown.length === 0 ? [] : [`not known whether behind it: ${unknown.join(', ')}`]),
  ].map((words) => ({ words, steps: 1 }));
};

/** Slow names, or a busy host, may have made us give up where the app did not. */
const isServedThere = ({ sightings: { app } }: Case, { check, findings }: Candidate): boolean => {
  const hosts = findings.flatMap((finding) => [...failsFrom(finding)]);
  return (
    check === 'dependency-unreachable' &&
    findings.every(({ summary }) => summary.includes('no answer in time from there only')) &&
    hosts.every((name) => app.some(({ host, answer }) => host === name && isServed(answer)))
  );
};

/** Where another's silence towards us does not hurt the app, our time was too short there: elsewhere it may have been, too. */
const areOutwaited = ({ findings: all, sightings: { app } }: Case, { findings }: Candidate): boolean => {
  const isServedOn = (name: string): boolean =>
    app.some(({ host, answer }) => host === name && isServed(answer));
  return (
    findings.every(ranOutOfTime) &&
    all.some(
      (other) =>
        ranOutOfTime(other) &&
        findings.every(({ target }) => target.name !== other.target.name) &&
        [...failsFrom(other)].some(isServedOn),
    )
  );
};

const ranOutOfTime = ({ check, summary }: Finding): boolean =>
  DEPENDENCY_ANSWERS.has(check) && /no answer (?:in time|within)/.test(summary);
const DEPENDENCY_ANSWERS: ReadonlySet<string> = new Set(['dependency-unreachable', 'dependency-slow']);

/** Their evidence is what became of everybody's requests, line by line. */
const COUNT_REQUESTS: ReadonlySet<string> = new Set([
  'rate-limited',
  'concurrency-limited',
  'request-denied',
  'member-unreachable',
  'wrong-upstream',
  'proxy-connections-exhausted',
  'release-erring-in-part',
]);

/** Checks of another cause that could explain the root away, had they been readable. Lost hosts count on their own. */
const unknownUpstream = (given: Case, root: Candidate): string[] => {
  const upstream = new Set(EDGES.filter(({ to }) => to.includes(root.check)).flatMap(({ from }) => from));
  const silent = given.evaluations.filter(
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
  return [...new Set(silent.map(({ check, target }) => phraseOf(check, target)))];
};
