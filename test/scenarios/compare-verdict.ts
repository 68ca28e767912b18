import type { RunDocument } from '../../src/model/verdict.js';
import type { ExpectedVerdict } from './expected-verdict.js';

/** Where a run's verdict is not what the expert said, in plain words; empty where it is. Pure. */
export const compareVerdict = (expected: ExpectedVerdict, { verdict, findings }: RunDocument): string[] => {
  const chain = verdict.chain.map(({ check }) => check);
  const causes = [verdict.cause, ...verdict.chain.flatMap((link, place) => causeSaid(link, place))];
  const said = new Set<string | null>([...causes, ...chain]);
  return [
    ...difference('status', oneOf(expected.status), verdict.status),
    ...difference('cause', oneOf(expected.cause), verdict.cause),
    ...difference('confidence', oneOf(expected.confidence), verdict.confidence),
    ...difference('root', oneOf(expected.root), chain[0] ?? null),
    ...(expected.chain === undefined ? [] : difference('chain', [path(expected.chain)], path(chain))),
    ...difference('hop', oneOf(expected.hop), verdict.hop),
    ...(expected.found ?? [])
      .filter((check) => !findings.some((finding) => finding.check === check))
      .map((check) => `does not find ${check}`),
    ...(expected.notSaid ?? [])
      .filter((name) => said.has(name))
      .map(
        (name) => `says ${name}, which must not be said (cause ${show(verdict.cause)}, chain ${path(chain)})`,
      ),
  ];
};

/** Workers that wait for what the root holds from them are a step of its way; nobody says overload by that. */
const causeSaid = ({ check, cause }: RunDocument['verdict']['chain'][number], place: number): Word[] =>
  place > 0 && ['workers-busy', 'accept-queue-full'].includes(check) ? [] : [cause];

type Word = string | null;

/** What is allowed; nothing where the expert did not say. */
const oneOf = (expected: Word | readonly Word[] | undefined): readonly Word[] | undefined =>
  typeof expected === 'string' || expected === null ? [expected] : expected;

const difference = (field: string, allowed: readonly Word[] | undefined, actual: Word): string[] =>
  allowed === undefined || allowed.includes(actual)
    ? []
    : [`${field} is ${show(actual)}, not ${allowed.map(show).join(' or ')}`];

const path = (chain: readonly string[]): string => (chain.length === 0 ? 'empty' : chain.join(' -> '));
const show = (word: Word): string => word ?? 'none';
