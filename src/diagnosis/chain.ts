import { isUsable } from '../checks/evidence/members.js';
import { countOf } from '../model/words.js';
import type { Finding } from '../model/finding.js';
import type { ChainLink } from '../model/verdict.js';
import type { Case } from './case.js';
import { DATABASE } from './naming.js';
import type { Explanations } from './explain.js';
import { linkPhrase } from './link-phrases.js';
import type { Candidate } from './rank.js';
import { symptomWords } from './symptom.js';

/** From the root to what users see, each link a finding, the last one the symptom. */
export const chainOf = (given: Case, root: Candidate, explanations: Explanations): ChainLink[] => {
  const path = longestPath(root, explanations);
  const links = linksOf(given, root, path);
  const seen = links.some(({ check }) => BALANCER_CHECKS.has(check));
  return [...links, ...(seen ? [] : membersDown(given)), symptomLink(given)];
};

const BALANCER_CHECKS: ReadonlySet<string> = new Set([
  'member-down-though-healthy',
  'member-draining',
  'pool-without-members',
  'member-unreachable',
]);

/** The steps from a root that pass through most checks. Order of findings breaks ties, so a chain is stable. */
const longestPath = (root: Candidate, explanations: Explanations): string[] => {
  const downstream = (finding: Finding): Finding[] =>
    [...root.consequences].filter(
      (item) =>
        explanations.get(item)?.includes(finding) === true &&
        !isOwnRefusal(item) &&
        !APP_WORDS.has(item.check),
    );
  const walk = (finding: Finding, passed: readonly string[]): string[] => {
    const here = [...passed, finding.check];
    const further = downstream(finding).filter(({ check }) => !here.includes(check));
    return further
      .map((next) => walk(next, here))
      .reduce((best, path) => (path.length > best.length ? path : best), here);
  };
  return root.findings
    .map((finding) => walk(finding, []))
    .reduce((best, path) => (path.length > best.length ? path : best), []);
};

/** The app's words on what stands before them in the chain: they prove a link, and are none. */
const APP_WORDS: ReadonlySet<string> = new Set([
  'app-refused-connection',
  'app-refused-by-dependency',
  'app-blames-dependency',
]);

/** 2.5: that our own login is refused, too, is no step of the users' way. */
const isOwnRefusal = ({ target }: Finding): boolean =>
  target.kind === 'dependency' && target.name === DATABASE;

const linksOf = (given: Case, root: Candidate, path: readonly string[]): ChainLink[] =>
  path.flatMap((check) => {
    const all = [...root.findings, ...root.consequences].filter((finding) => finding.check === check);
    const [first] = all;
    return first === undefined ? [] : [linkOf(given, first, all)];
  });

const linkOf = ({ service }: Case, first: Finding, all: readonly Finding[]): ChainLink => {
  const since = all.flatMap((finding) => finding.since ?? []).toSorted()[0];
  return {
    check: first.check,
    cause: first.cause,
    target: all.length > 1 ? { kind: 'service', name: service.name } : first.target,
    summary: linkPhrase(all, service),
    ...(since === undefined ? {} : { since }),
  };
};

/** "2 of 3 hosts: api-1: <its summary>"; of one finding its own words, with the host where there are several. */
export const groupSummary = (findings: readonly Finding[], hostCount: number): string => {
  const [first] = findings;
  if (first === undefined) return '';
  if (first.target.kind !== 'host' || hostCount === 1) return first.summary;
  const named = first.summary.includes(first.target.name);
  if (findings.length === 1) return named ? first.summary : `${first.target.name}: ${first.summary}`;
  const share = `${findings.length} of ${countOf(hostCount, 'host')}`;
  return `${share}: ${named ? '' : `${first.target.name}: `}${first.summary}`;
};

const membersDown = ({ sightings: { balancer }, service }: Case): ChainLink[] => {
  if (balancer === null) return [];
  const out = balancer.members.filter((member) => !isUsable(member)).length;
  if (out === 0) return [];
  return [
    {
      check: 'members-down',
      cause: null,
      target: { kind: 'balancer', name: service.balancer?.pool ?? service.name },
      summary: `HAProxy took out ${out} of ${countOf(balancer.members.length, 'member')}`,
    },
  ];
};

const symptomLink = ({ service, symptom, emitter }: Case): ChainLink => ({
  check: symptomCheck(symptom),
  cause: null,
  target: { kind: 'service', name: service.name },
  summary: symptomWords(symptom, emitter.writer),
});

const symptomCheck = ({ state, status }: Case['symptom']): string => {
  if (state === 'unseen') return 'answer-unseen';
  return status === null ? 'no-answer' : `answers-${status}`;
};
