import type { UnmatchedAlert } from '../../model/episode.js';
import { countOf } from '../../model/words.js';
import { OURS } from './limits.js';
import { line, mrkdwn } from './mrkdwn.js';
import type { View } from './view.js';

const LISTED = 10;

/** Once a day to whoever looks after the inventory. */
export function unmatchedNote(alerts: readonly UnmatchedAlert[]): View {
  const lines = alerts
    .slice(0, LISTED)
    .map(
      ({ title, source, count }) =>
        `• ${line(title, OURS.name)} (${line(source, OURS.name)}, ${countOf(count, 'time')})`,
    );
  const rest = alerts.length - lines.length;
  const text = [
    `${countOf(alerts.length, 'alert')} of the last 24 h matched no service of the inventory, so nobody looked:`,
    ...lines,
    ...(rest > 0 ? [`• ${rest} more`] : []),
    '`diag503 alerts unmatched` shows them with their labels; `alerts.match` of a service takes them up.',
  ].join('\n');
  return { text, blocks: [{ type: 'section', text: mrkdwn(text) }] };
}
