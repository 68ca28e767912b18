import { formatSeconds } from '../checks/host/clock.js';
import type { Considered } from '../model/explanation.js';
import type { Finding } from '../model/finding.js';
import type { ChainLink } from '../model/verdict.js';
import { byCheck } from './by-check.js';
import type { Case } from './case.js';
import { bandOf } from './confidence.js';
import { exclusionOf } from './constraints.js';
import { linkPhrase } from './link-phrases.js';
import { foreignConsequences, isElsewhere, onsetOf, type Candidate, type Ranking } from './rank.js';

/** What else failed, and why it is not the cause: one entry for each check, the nearest rival first. */
export const consideredOf = (given: Case, ranking: Ranking, chain: readonly ChainLink[]): Considered[] => {
  const [root, ...rivals] = ranking.candidates;
  const inChain = new Set(chain.map(({ check }) => check));
  const said = [
    ...(root === undefined
      ? []
      : rivals.map((rival) => entry(given, rival.findings, whyLost(root, rival, ranking)))),
    ...excluded(given, inChain),
    ...ranking.hints.map((hint) => entry(given, hint.findings, whyHint(hint))),
    ...(root === undefined ? [] : consequences(given, root, inChain)),
  ];
  return said.filter(({ what }, index) => said.findIndex((other) => other.what === what) === index);
};

const entry = ({ service }: Case, findings: readonly Finding[], because: string): Considered => {
  const [first] = findings as [Finding, ...Finding[]];
  return { cause: first.cause, check: first.check, what: linkPhrase(findings, service), because };
};

const excluded = (given: Case, inChain: ReadonlySet<string>): Considered[] =>
  byCheck(given.findings.filter(({ check }) => !inChain.has(check))).flatMap((findings) => {
    const [because] = findings.flatMap((finding) => exclusionOf(given, finding)?.because ?? []);
    return because === undefined ? [] : [entry(given, findings, because)];
  });

const consequences = (given: Case, root: Candidate, inChain: ReadonlySet<string>): Considered[] =>
  byCheck(
    [...root.consequences].filter(({ check, cause }) => cause !== root.cause && !inChain.has(check)),
  ).map((findings) => entry(given, findings, 'it follows from the cause'));

/** R6, R10, 2.0: true, and yet no root. */
const whyHint = ({ coverage, findings }: Candidate): string => {
  if (findings.every(({ confidence }) => confidence === 'possible')) return 'only a hint';
  return coverage === 0 ? 'it reaches none of the sick hosts' : 'true, but nothing follows from it';
};

/** The first rule of the ranking by which they differ. */
const whyLost = (root: Candidate, rival: Candidate, { tied }: Ranking): string => {
  if (isElsewhere(root, rival)) return 'true as well, on another host';
  if (root.atEmitter && !rival.atEmitter) return 'it lies behind what wrote the answer';
  if (root.screens && !rival.screens) return 'no host runs, so what lies behind cannot be what fails now';
  if (bandOf(root.confidence) > bandOf(rival.confidence)) return `less evidence: ${rival.confidence}`;
  if (root.coverage > rival.coverage) return 'it does not reach all sick hosts';
  const [own, other] = [foreignConsequences(root), foreignConsequences(rival)];
  if (own > other) return `it explains ${other} other findings, the cause ${own}`;
  return (
    laterWords(root, rival) ??
    (tied ? 'the evidence does not decide' : 'it lies further from who wrote the answer')
  );
};

const laterWords = (root: Candidate, rival: Candidate): string | null => {
  const [began, later] = [onsetOf(root), onsetOf(rival)];
  return began === null || later === null || later <= began
    ? null
    : `it began ${formatSeconds((later - began) / 1000)} later`;
};
