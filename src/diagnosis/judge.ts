import type { Check } from '../checks/define-check.js';
import type { RemediationId } from '../model/cause.js';
import type { Finding } from '../model/finding.js';
import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import type { HostReach, Judgement, Unknown, Verdict } from '../model/verdict.js';
import type { Case } from './case.js';
import { chainOf } from './chain.js';
import { checklistOf } from './checklist.js';
import { lowered, verdictConfidence } from './confidence.js';
import { evaluate, findingsOf } from './evaluate.js';
import { emitterOf } from './hop.js';
import { observe, type Observations, type ProbeRegistry } from './observe.js';
import { peersOf } from './peers.js';
import { rank, type Candidate, type Ranking } from './rank.js';
import { ruledOutOf } from './ruled-out.js';
import { sightings } from './sightings.js';
import { withoutStrangers } from './strangers.js';
import { causeSummary, healthySummary, inconclusiveSummary, unreachableSummary } from './summary.js';
import { symptomOf } from './symptom.js';
import { unknownsOf } from './unknowns.js';
import { whyOf } from './why.js';

type Input = {
  service: Service;
  readings: readonly Reading[];
  hosts: readonly HostReach[];
  now: string;
  /** Registries of their own are for tests. */
  checks?: readonly Check[];
  probes?: ProbeRegistry;
};

/** Readings in, judgement out. Pure: a stored run is judged again by calling this. */
export const judge = ({ hosts, ...input }: Input): Judgement => {
  const seen = observe(input.readings, input.probes);
  const given = caseOf({ hosts, ...input }, seen);
  const ranking = rank(given);
  const unknown = unknownsOf(given.evaluations, hosts);
  const verdict = verdictOf(given, ranking, unknown);
  return {
    verdict,
    findings: inOrder(given, ranking),
    ruledOut: ruledOutOf(given),
    unknown,
    checklist: checklistOf(given),
    hosts: hosts.map((host) => withClock(host, seen)),
    why: whyOf(given, ranking, verdict, { seen, checks: input.checks }),
    peers: peersOf(given, seen, input.now),
  };
};

/** R12: below this two clocks agree well enough for a reader. */
const WRONG_CLOCK_MS = 5_000;

const withClock = (host: HostReach, seen: Observations): HostReach => {
  const clockAheadMs = seen.clockOffset(host.name) ?? 0;
  return Math.abs(clockAheadMs) < WRONG_CLOCK_MS ? host : { ...host, clockAheadMs };
};

const caseOf = ({ hosts, ...input }: Input, seen: Observations): Case => {
  const { service } = input;
  const evaluations = evaluate(input);
  const findings = findingsOf(evaluations);
  const answers = withoutStrangers(sightings(service, seen), findings);
  return {
    service,
    hosts,
    sightings: answers,
    symptom: symptomOf(answers, service),
    emitter: emitterOf(service, answers),
    evaluations,
    findings,
  };
};

const verdictOf = (given: Case, ranking: Ranking, unknown: readonly Unknown[]): Verdict => {
  const { symptom, hosts } = given;
  if (symptom.state === 'healthy') return { ...nothing('healthy'), summary: healthySummary(given) };
  const [root] = ranking.candidates;
  if (root !== undefined) return causeFound(given, ranking, root);
  if (hosts.length > 0 && hosts.every(({ reached }) => !reached)) {
    return { ...nothing('unreachable'), hop: given.emitter.hop, summary: unreachableSummary(hosts) };
  }
  return {
    ...nothing('inconclusive'),
    hop: given.emitter.hop,
    summary: inconclusiveSummary(given, ranking, unknown),
  };
};

const nothing = (status: Verdict['status']): Omit<Verdict, 'summary'> => ({
  status,
  cause: null,
  confidence: null,
  chain: [],
  hop: null,
  remediations: [],
});

const causeFound = (given: Case, ranking: Ranking, root: Candidate): Verdict => ({
  status: 'cause-found',
  cause: root.cause,
  confidence: ranking.tied ? lowered('possible') : verdictConfidence(given, root),
  summary: causeSummary(given, ranking),
  chain: chainOf(given, root, ranking.explanations),
  hop: given.emitter.hop,
  remediations: remediationsOf(root),
});

/** Of the root only: what helps against a consequence would only have to be done again. */
const remediationsOf = ({ findings }: Candidate): RemediationId[] => [
  ...new Set(findings.flatMap(({ remediations }) => remediations)),
];

/** Root first, then what follows from it, then the rest: as a reader wants them. */
const inOrder = ({ findings }: Case, { candidates: [root] }: Ranking): Finding[] => {
  const place = (finding: Finding): number => {
    if (root?.findings.includes(finding) === true) return 0;
    return root?.consequences.has(finding) === true ? 1 : 2;
  };
  return findings.toSorted((a, b) => place(a) - place(b));
};
