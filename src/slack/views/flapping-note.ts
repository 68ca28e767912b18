import { CAUSE_NAMES, countOf, durationWords, STATUS_TITLES } from '../../model/words.js';
import type { Cause } from '../../model/cause.js';
import type { VerdictStatus } from '../../model/verdict.js';
import { OURS } from './limits.js';
import { bold, line, mrkdwn } from './mrkdwn.js';
import type { View } from './view.js';

/** What alternates: which alerts came how often, and what the looks found. */
export type Alternating = {
  alerts: readonly { title: string; source: string; count: number }[];
  verdicts: readonly { status: VerdictStatus; cause: Cause | null }[];
  openedAt: string;
};

const LISTED = 5;

/** Said once in the thread of what fires and resolves in turn. */
export function flappingNote(
  service: string,
  { alerts, verdicts, openedAt }: Alternating,
  now: string,
): View {
  const took = durationWords(Date.parse(now) - Date.parse(openedAt));
  const titles = alerts
    .slice(0, LISTED)
    .map(
      ({ title, source, count }) => `${line(title, OURS.name)} (${line(source, OURS.name)}, ${times(count)})`,
    );
  const found = tally(verdicts.map(wordsOf)).map(([words, count]) => `${words} (${times(count)})`);
  const text = [
    `${bold(service, OURS.name)} alternates: it fires and resolves in turn, for ${took} by now.`,
    ...(titles.length > 0 ? [`*Alerts*: ${titles.join(', ')}`] : []),
    ...(found.length > 0 ? [`*Looks found*: ${found.join(', ')}`] : []),
    'From now on only the first line counts; a higher severity is still looked at.',
  ].join('\n');
  return { text, blocks: [{ type: 'section', text: mrkdwn(text) }] };
}

const times = (count: number): string => countOf(count, 'time');

const wordsOf = ({ status, cause }: Alternating['verdicts'][number]): string =>
  cause === null ? (STATUS_TITLES[status].split(':')[0] ?? status).toLowerCase() : CAUSE_NAMES[cause];

function tally(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const each of words) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, LISTED);
}
