import type { Cause, Confidence } from '../model/cause.js';
import type { Finding } from '../model/finding.js';
import type { Target } from '../model/target.js';
import { badHosts, type Case } from './case.js';
import { CIRCUMSTANTIAL, HEALTH_SYMPTOMS, NEEDS_CONSEQUENCE, NOT_RUNNING } from './check-groups.js';
import { DATABASE, isNamed } from './naming.js';
import { bandOf, loweredBy, type Doubt } from './confidence.js';
import { isAtEmitter, isExcluded } from './constraints.js';
import { coverageOf, isPhase, otherPhases } from './coverage.js';
import { starvedAlone } from './starved-alone.js';
import { CLOSENESS, PRIORS } from './tie-breaks.js';
import { consequencesOf, explain, ONSET_TOLERANCE_MS, type Explanations } from './explain.js';

/** A possible root: the same check on one or more hosts, or on one dependency. */
export type Candidate = {
  readonly check: string;
  readonly cause: Cause;
  readonly findings: readonly Finding[];
  /** The same trouble in another state, on other hosts. */
  readonly phases: readonly Finding[];
  /** What follows from both. */
  readonly consequences: ReadonlySet<Finding>;
  /** Share of the bad hosts that it reaches, 0..1 (R13). */
  readonly coverage: number;
  readonly confidence: Confidence;
  /** What lowered it. */
  readonly doubts: readonly Doubt[];
  /** R9: the refusal on purpose that the user sees, or the request that was led nowhere. */
  readonly atEmitter: boolean;
  /**
   * The app itself said it, and where this is, an app answers: a host on which nothing runs writes no answer. Or nothing
   * is said at all, by HAProxy, which accepts nobody.
   */
  readonly wroteIt: boolean;
  /** Nothing runs on any bad host: what lies behind cannot be what fails now. */
  readonly screens: boolean;
};

export type Ranking = {
  /** Best first. Each is unexplained, reaches the symptom and is more than a hint. */
  readonly candidates: readonly Candidate[];
  /** True when only closeness or priors put the first before the second: 50/50. */
  readonly tied: boolean;
  readonly explanations: Explanations;
  /** What nothing explains and is not enough: weak evidence (2.0), or true and harmless (R6, R10). */
  readonly hints: readonly Candidate[];
};

/** The most upstream unexplained causes that reach the symptom, in order (3.3). */
export const rank = (given: Case): Ranking => {
  const ranking = rankBy(given, explain(given));
  if (ranking.candidates.length > 0) return ranking;
  // What reaches none of those who feel it cannot be why they feel it: what it seemed to explain stands for itself.
  const harmless = new Set(ranking.hints.flatMap(({ findings }) => findings));
  const again = rankBy(given, explain(given, harmless));
  // A health check that fails is a symptom: without its reason nothing is found.
  if (again.candidates.some(({ check }) => !HEALTH_SYMPTOMS.has(check))) return again;
  const candidates = ranking.hints.flatMap((hint) => starvedOf(given, hint) ?? []);
  const told = new Set(candidates.flatMap(({ findings }) => findings));
  const hints = ranking.hints
    .map((hint) => ({ ...hint, findings: hint.findings.filter((finding) => !told.has(finding)) }))
    .filter(({ findings }) => findings.length > 0);
  return { ...ranking, candidates, hints };
};

const starvedOf = (given: Case, hint: Candidate): Candidate | undefined => {
  const findings = starvedAlone(given, hint.findings);
  if (findings === undefined) return undefined;
  const doubts = [...hint.doubts, NOT_SEEN_TO_HURT];
  return { ...hint, findings, doubts, confidence: loweredBy(hint.confidence, [NOT_SEEN_TO_HURT]) };
};
/** Possible only. */
const NOT_SEEN_TO_HURT: Doubt = { words: 'want of CPU may come of what fails as well', steps: 2 };

const rankBy = (given: Case, explanations: Explanations): Ranking => {
  const roots = given.findings.filter(
    (finding) => !isExcluded(given, finding) && explanations.get(finding)?.length === 0,
  );
  const all = groupsOf(roots)
    .map((findings) => candidateOf(given, findings, explanations, roots))
    .toSorted(byRank);
  const strong = all.filter(
    (candidate) =>
      candidate.coverage > 0 &&
      hurts(candidate) &&
      candidate.findings.some(({ confidence }) => confidence !== 'possible'),
  );
  const hints = all.filter((candidate) => !strong.includes(candidate));
  return { candidates: strong, tied: isTied(strong), explanations, hints };
};

const groupsOf = (roots: readonly Finding[]): Finding[][] => {
  const groups = new Map<string, Finding[]>();
  for (const root of roots) {
    const { check, cause, target } = root;
    const key = [check, cause, target.kind === 'host' ? 'hosts' : `${target.kind}/${target.name}`].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), root]);
  }
  return [...groups.values()];
};

const candidateOf = (
  given: Case,
  findings: readonly Finding[],
  explanations: Explanations,
  roots: readonly Finding[],
): Candidate => {
  const [first] = findings as [Finding, ...Finding[]];
  const atEmitter = findings.some((finding) => isAtEmitter(given, finding));
  const phases = otherPhases(first, roots);
  const best = findings.map(({ confidence }) => confidence).toSorted((a, b) => bandOf(b) - bandOf(a))[0];
  // A hint on one host does not widen what is proven on another.
  const proven = findings.filter(({ confidence }) => confidence !== 'possible' || best === 'possible');
  const coverage = atEmitter ? 1 : coverageOf(given, [...proven, ...phases]);
  const consequences = consequencesOf([...findings, ...phases], explanations);
  const doubts = [
    ...coverageDoubts(given, coverage),
    ...(isCircumstantial(given, findings, consequences) ? [NOT_NAMED] : []),
    ...healthDoubts(given, findings),
  ];
  return {
    check: first.check,
    cause: first.cause,
    findings,
    phases,
    consequences,
    coverage,
    confidence: loweredBy(best ?? 'possible', doubts),
    doubts,
    atEmitter,
    wroteIt: findings.some((finding) => saidIt(given, finding)),
    screens:
      coverage === 1 &&
      (NOT_RUNNING.has(first.check) || leavesNobody(given, [...findings, ...phases, ...consequences])),
  };
};

const saidIt = (given: Case, { check, target }: Finding): boolean => {
  if (given.emitter.hop === 'app') return answersThere(given, target);
  return check === 'frontend-full' && given.emitter.hop === 'balancer' && given.symptom.status === null;
};

const answersThere = ({ sightings: { app } }: Case, { kind, name }: Target): boolean =>
  kind !== 'host' || !app.some(({ host, answer }) => host === name && answer.status === null);

/** On each bad host one of these says that nothing runs there: a crash loop, too, leaves the port closed. */
const leavesNobody = (given: Case, all: readonly Finding[]): boolean => {
  const dead = new Set(
    all.flatMap(({ check, confidence, target }) =>
      NOT_RUNNING.has(check) && confidence !== 'possible' && target.kind === 'host' ? [target.name] : [],
    ),
  );
  const bad = [...badHosts(given)];
  return bad.length > 0 && bad.every((host) => dead.has(host));
};

/** 2.6: also broken, or the reason? Without a word from the app, or a deed on the host, it is worth less. */
const isCircumstantial = (
  given: Case,
  findings: readonly Finding[],
  consequences: ReadonlySet<Finding>,
): boolean => {
  const didHarm = [...consequences].some(({ check }) => !HEALTH_SYMPTOMS.has(check));
  return findings.every(
    (finding) =>
      CIRCUMSTANTIAL.has(finding.check) &&
      finding.target.name !== DATABASE &&
      !isNamed(given, finding) &&
      !(didHarm && finding.target.kind === 'host'),
  );
};

const NOT_NAMED: Doubt = { words: 'no error of the app names it', steps: 1 };

const coverageDoubts = (given: Case, coverage: number): Doubt[] =>
  coverage === 1
    ? []
    : [
        {
          words: `it reaches ${badHosts(given).size === 0 ? 'not all' : 'not exactly the sick'} hosts`,
          steps: 1,
        },
      ];

/** R8: elimination alone makes a health check possible, real requests that succeed make it sure. */
const healthDoubts = ({ sightings }: Case, findings: readonly Finding[]): Doubt[] =>
  findings.every(
    ({ check, target }) =>
      HEALTH_SYMPTOMS.has(check) && !sightings.app.some(({ host }) => host === target.name),
  )
    ? [{ words: 'no real request was asked beside the health check', steps: 2 }]
    : [];

/** R6, R10: what hurts nobody by itself must have a consequence. */
const hurts = ({ check, consequences }: Candidate): boolean =>
  !NEEDS_CONSEQUENCE.has(check) || consequences.size > 0;

/** Evidence first; then parsimony and onset; closeness and priors only put equals in some order. */
const byRank = (a: Candidate, b: Candidate): number =>
  byEvidence(a, b) ||
  CLOSENESS[a.cause] - CLOSENESS[b.cause] ||
  PRIORS[b.cause] - PRIORS[a.cause] ||
  a.check.localeCompare(b.check, 'en');

const byEvidence = (a: Candidate, b: Candidate): number =>
  Number(b.atEmitter) - Number(a.atEmitter) ||
  Number(b.screens) - Number(a.screens) ||
  bandOf(b.confidence) - bandOf(a.confidence) ||
  b.coverage - a.coverage ||
  Number(b.wroteIt) - Number(a.wroteIt) ||
  morePhases(a, b) ||
  foreignConsequences(b) - foreignConsequences(a) ||
  onsetOrder(a, b);

/** Of two states of one unit that does not stay up, the one that more hosts are in. */
const morePhases = (a: Candidate, b: Candidate): number =>
  a.findings.every(isPhase) && b.findings.every(isPhase) ? b.findings.length - a.findings.length : 0;

/** Parsimony counts what it explains of other causes: a long chain within one cause proves nothing more. */
export const foreignConsequences = ({ cause, consequences }: Candidate): number =>
  [...consequences].filter((finding) => finding.cause !== cause).length;

const onsetOrder = (a: Candidate, b: Candidate): number => {
  const [first, second] = [onsetOf(a), onsetOf(b)];
  if (first === null || second === null || Math.abs(first - second) <= ONSET_TOLERANCE_MS) return 0;
  return first - second;
};

export const onsetOf = ({ findings }: Pick<Candidate, 'findings'>): number | null => {
  const times = findings.flatMap(({ since }) => (since === undefined ? [] : [Date.parse(since)]));
  return times.length === 0 ? null : Math.min(...times);
};

const isTied = ([first, ...rest]: readonly Candidate[]): boolean =>
  first !== undefined &&
  rest.some(
    (other) => other.cause !== first.cause && byEvidence(first, other) === 0 && !isElsewhere(first, other),
  );

/** R13: two roots on different hosts are both true: nothing is to be decided between them. */
export const isElsewhere = (a: Candidate, b: Candidate): boolean =>
  [...a.findings, ...b.findings].every(({ target }) => target.kind === 'host') &&
  !a.findings.some(({ target }) => b.findings.some((other) => other.target.name === target.name));
