import type { KnownBlock, SectionBlock } from '@slack/types';
import { hasLongEvidence, quotedEvidence } from '../../model/finding.js';
import {
  becauseLines,
  clockLines,
  contradictionLine,
  notLookedAtOf,
  peerLines,
  type Explained,
} from '../../model/explanation-words.js';
import { adviceFor } from '../../model/advice.js';
import type { Run } from '../../model/incident.js';
import type { Remediation } from '../../model/remediation.js';
import type { ChainLink, RunDocument } from '../../model/verdict.js';
import { answeredStatus, CAUSE_NAMES, CAUSE_TITLES, STATUS_TITLES } from '../../model/words.js';
import { actionRow, type CardAction, runAgain } from './action-row.js';
import { checklistText } from './checklist.js';
import { evidenceBlocks } from './evidence-blocks.js';
import { headlineText } from './headline.js';
import { OURS } from './limits.js';
import { bold, code, line, literal, mrkdwn, readerTime } from './mrkdwn.js';
import type { View } from './view.js';

/** The first reply in the thread. `actions`: what may be done about it, the best first; `withdrawn`: what did not help before. */
export function verdictCard(
  run: Run,
  document: RunDocument,
  actions: readonly CardAction[] = [runAgain(run.id)],
  withdrawn: readonly Remediation[] = [],
): View {
  const above = [
    section(opening(document)),
    ...chainSection(document),
    ...hostsSection(document),
    section(checklistText(document)),
  ];
  const below = [
    ...coverage(document),
    ...adviceSection(document),
    ...withdrawnSection(withdrawn),
    ...actionRow(actions),
  ];
  const left = OURS.blocksJson - JSON.stringify([...above, ...below]).length;
  const evidence = evidenceBlocks(quotedEvidence(document.findings, OURS.evidence), left);
  const blocks: KnownBlock[] = [...above, ...evidence, ...below];
  return { text: headlineText(run), blocks };
}

/** The whole card without blocks, for when Slack refuses them. */
export function verdictText(run: Run, document: RunDocument): string {
  const parts = [
    headlineText(run),
    line(document.verdict.summary, OURS.summary),
    checklistText(document),
    ...coverage(document).map(({ text }) => text?.text ?? ''),
  ];
  return clipParts(parts, OURS.plainText);
}

function opening({ verdict }: RunDocument): string {
  const title = verdict.cause ? CAUSE_TITLES[verdict.cause] : STATUS_TITLES[verdict.status];
  const confidence = verdict.confidence ? ` (${verdict.confidence})` : '';
  return `*${title}*${confidence}\n${literal(verdict.summary, OURS.summary)}`;
}

/** From the root to the symptom. A long chain keeps both ends: what began it and what users see. */
function chainSection(document: RunDocument): SectionBlock[] {
  const { chain } = document.verdict;
  if (chain.length === 0) return [];
  const cut = chain.length > OURS.links;
  const first = cut ? chain.slice(0, OURS.links - 2) : chain;
  const last = cut ? chain.slice(-1) : [];
  const middle = cut ? [`${chain.length - OURS.links + 1} more steps`] : [];
  const step = stepAt(document.run.startedAt);
  const steps = [...first.map(step), ...middle, ...last.map(step)];
  const status = answeredStatus(document);
  const lines = [
    `*Why${status === null ? '' : ` ${status}`}*: ${steps.join(' → ')}`,
    ...explained(becauseLines(document), OURS.why),
  ];
  return [section(lines.join('\n'))];
}

const stepAt =
  (now: string) =>
  ({ summary, since }: ChainLink): string =>
    `${line(summary, OURS.link).replace(/\.$/, '')}${since === undefined ? '' : ` (since ${readerTime(since, now)})`}`;

/** R11: what is peculiar to the sick hosts, and clocks that would confuse whoever reads the lines below. */
function hostsSection(document: RunDocument): SectionBlock[] {
  const lines = [
    ...explained(peerLines(document).slice(0, OURS.peers), OURS.difference),
    ...explained(clockLines(document).slice(0, OURS.peers), OURS.because),
  ];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
}

/** Where the right answer is to press nothing. */
function adviceSection(document: RunDocument): SectionBlock[] {
  const advice = document.verdict.status === 'cause-found' ? adviceFor(document) : null;
  if (advice === null) return [];
  return [section(`*Nothing to press yet*: ${line(advice.why, OURS.why)}. ${line(advice.next, OURS.why)}`)];
}

/** What would be offered if it had helped the last times. */
function withdrawnSection(withdrawn: readonly Remediation[]): SectionBlock[] {
  const lines = withdrawn
    .slice(0, OURS.offers)
    .map(
      ({ plan, progress }) =>
        `${bold(plan.label, OURS.name)}: ${line(progress ?? 'it did not help', OURS.why)}`,
    );
  return lines.length === 0 ? [] : [section(`Not offered: ${lines.join('; ')}`)];
}

/** Counts are complete even where lists are cut: silence must not look like health. */
function coverage(document: RunDocument): SectionBlock[] {
  const lines = [
    ...explained(contradictionLine(document), OURS.why),
    ...consideredLine(document),
    ...ruledOutLine(document),
    ...notLookedAtLines(document),
    ...fileLine(document),
  ];
  return lines.length > 0 ? [section(lines.join('\n'))] : [];
}

function ruledOutLine({ ruledOut }: RunDocument): string[] {
  if (ruledOut.length === 0) return [];
  const causes = ruledOut.slice(0, OURS.ruledOut).map(({ cause, because }) => {
    const reason = line(because.split('; ')[0] ?? '', OURS.ruledOutBecause);
    return reason === '' ? CAUSE_NAMES[cause] : `${CAUSE_NAMES[cause]} (${reason})`;
  });
  return [`*Ruled out*: ${causes.join(', ')}${more(ruledOut.length - causes.length)}`];
}

/** One command each, the most useful first. */
function notLookedAtLines(document: RunDocument): string[] {
  const all = notLookedAtOf(document);
  if (all.length === 0) return [];
  const named = all.slice(0, OURS.notLookedAt).map(({ what, allow }) => {
    const remedy = allow === null ? '' : `; ${code(allow, OURS.allow)} would change that`;
    return `• ${line(what, OURS.what)}${remedy}`;
  });
  const rest = all.length - named.length;
  return [`*Not looked at* (${all.length}):`, ...named, ...(rest > 0 ? [`• ${rest} more`] : [])];
}

function consideredLine({ why }: RunDocument): string[] {
  const all = why?.considered ?? [];
  const named = all
    .slice(0, OURS.considered)
    .map(({ what, because }) => `${line(what, OURS.because)} (${line(because, OURS.because)})`);
  if (named.length === 0) return [];
  return [`*Not the cause*: ${named.join('; ')}${more(all.length - named.length)}`];
}

const explained = (lines: readonly Explained[], max: number): string[] =>
  lines.map(({ title, text }) => `*${line(title, OURS.name).replaceAll('*', '∗')}*: ${line(text, max)}`);

const fileLine = (document: RunDocument): string[] =>
  hasLongEvidence(document.findings) ? ['All evidence, word for word, is in a file in this thread.'] : [];

const more = (count: number): string => (count > 0 ? `, ${count} more` : '');

const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

function clipParts(parts: readonly string[], max: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const part of parts.flatMap((each) => each.split('\n'))) {
    length += part.length + 1;
    if (length > max) break;
    kept.push(part);
  }
  return kept.join('\n');
}
