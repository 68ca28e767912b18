import {
  becauseLines,
  clockLines,
  contradictionLine,
  notLookedAtOf,
  peerLines,
} from '../model/explanation-words.js';
import type { Evidence } from '../model/finding.js';
import type { ChainLink, RunDocument } from '../model/verdict.js';
import {
  answeredStatus,
  ANSWER_WORDS,
  CAUSE_NAMES,
  CAUSE_TITLES,
  checklistMark,
  countOf,
  tookWords,
  HOP_PHRASES,
  type ChecklistMark,
} from '../model/words.js';
import { inertText } from './inert-text.js';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Never alone: the word of the answer always stands beside it. */
const MARKS: Record<ChecklistMark, { mark: string; style: Style }> = {
  good: { mark: '✓', style: 'green' },
  bad: { mark: '✗', style: 'red' },
  unknown: { mark: '?', style: 'yellow' },
  'not-configured': { mark: '–', style: 'dim' },
};
const ANSWER_WIDTH = Math.max(...Object.values(ANSWER_WORDS).map(({ length }) => length));

/** The verdict for a human at a terminal. Pure: `paint` decides about colour, `clock` about the reader's zone. */
export function renderRun(document: RunDocument, paint: Paint, clock: (iso: string) => string): string {
  const sections = [
    [paint('bold', headline(document)), ...opening(document, clock)],
    section('Checklist', checklist(document, paint), paint),
    section('Evidence', evidence(document, paint, clock), paint),
    section('Not the cause', considered(document), paint),
    section('Ruled out', ruledOut(document), paint),
    section('Not looked at', notLookedAt(document), paint),
    section('Hosts not reached', notReached(document), paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const section = (title: string, lines: string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : [paint('bold', title), ...lines];

export function headline(document: RunDocument): string {
  const { service, verdict, hosts, run } = document;
  const status = answeredStatus(document);
  const answers = status === null ? service : `${service} answers ${status}`;
  const rest = [...(verdict.hop ? [HOP_PHRASES[verdict.hop]] : []), tookWords(run)];
  switch (verdict.status) {
    case 'cause-found':
      return [`${answers}: ${causeOf(document)}`, ...rest].join(', ');
    case 'healthy':
      return [`${service} does not answer 503 now: healthy`, ...rest].join(', ');
    case 'inconclusive':
      return [`${answers}: no cause found`, ...rest].join(', ');
    case 'unreachable': {
      const reached = hosts.filter((host) => host.reached).length;
      const counted = `${reached} of ${countOf(hosts.length, 'host')} reached`;
      return [`${service}: could not look`, counted, tookWords(run)].join(', ');
    }
  }
}

function causeOf({ verdict }: RunDocument): string {
  const title = verdict.cause ? CAUSE_TITLES[verdict.cause] : 'cause found';
  const lower = title.charAt(0).toLowerCase() + title.slice(1);
  return verdict.confidence ? `${lower} (${verdict.confidence})` : lower;
}

/** The headline has counted already. */
const COUNTED = /^0 of \d+ hosts? reached; /;

function opening(document: RunDocument, clock: (iso: string) => string): string[] {
  const { summary, chain } = document.verdict;
  const status = answeredStatus(document);
  const why = chain.map((link) => step(link, clock)).join(' -> ');
  return [
    inertText(document.verdict.status === 'unreachable' ? summary.replace(COUNTED, '') : summary),
    ...(chain.length === 0 ? [] : [`Why${status === null ? '' : ` ${status}`}: ${why}`]),
    ...[
      ...becauseLines(document),
      ...contradictionLine(document),
      ...peerLines(document),
      ...clockLines(document),
    ].map(({ title, text }) => `${inertText(title)}: ${inertText(text)}`),
  ].filter((text) => text !== '');
}

const step = ({ summary, since }: ChainLink, clock: (iso: string) => string): string =>
  `${inertText(summary).replace(/\.$/, '')}${since === undefined ? '' : ` (since ${clock(since)})`}`;

const checklist = ({ checklist: lines }: RunDocument, paint: Paint): string[] =>
  lines.map(({ question, answer, note }, index) => {
    const { mark, style } = MARKS[checklistMark(index, answer)];
    const said = paint(style, `${mark} ${ANSWER_WORDS[answer].padEnd(ANSWER_WIDTH)}`);
    return `  ${said}  ${question}${note === '' ? '' : ` (${inertText(note)})`}`;
  });

/** Word for word. What two findings quote alike is shown once. */
function evidence({ findings }: RunDocument, paint: Paint, clock: (iso: string) => string): string[] {
  const quoted = new Map<string, Evidence>();
  for (const each of findings.flatMap((finding) => finding.evidence)) {
    quoted.set(JSON.stringify([each.host, each.source, each.excerpt]), each);
  }
  return [...quoted.values()].flatMap(({ source, host, at, excerpt }) => [
    `  ${paint('cyan', inertText(`${host === null ? '' : `${host}$ `}${source}`))}${paint('dim', `, ${clock(at)}`)}`,
    ...inertText(excerpt.trimEnd())
      .split('\n')
      .map((line) => `    ${line}`),
  ]);
}

const ruledOut = ({ ruledOut: causes }: RunDocument): string[] =>
  causes.map(
    ({ cause, because }) => `  ${CAUSE_NAMES[cause]}${because === '' ? '' : `: ${inertText(because)}`}`,
  );

const considered = ({ why }: RunDocument): string[] =>
  (why?.considered ?? []).map(({ what, because }) => `  ${inertText(what)}: ${inertText(because)}`);

const notLookedAt = (document: RunDocument): string[] =>
  notLookedAtOf(document).flatMap(({ what, allow }) => [
    `  ${inertText(isSaid(document, what) ? what.replace(/: .*$/, ': not reached') : what)}`,
    ...(allow === null ? [] : [`    would change that: ${inertText(allow)}`]),
  ]);

/** Where no host was reached, the summary has said why. */
const isSaid = ({ verdict }: RunDocument, what: string): boolean =>
  verdict.status === 'unreachable' && verdict.summary.includes(what.replace(/^[^:]*: /, ''));

/** What "Not looked at" does not say already. */
const notReached = (document: RunDocument): string[] => {
  const said = notLookedAtOf(document).map(({ what }) => what);
  return document.hosts
    .filter(({ reached, reason = '' }) => !reached && !said.some((what) => what.includes(reason)))
    .map(({ name, reason }) => `  ${name}: ${inertText(reason ?? 'no reason was given')}`);
};
