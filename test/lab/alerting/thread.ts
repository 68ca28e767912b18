import type { Message } from '../../../demo/slack/types.js';
import { type Bench, CHANNEL } from '../../e2e/bench.js';

export type Thread = ReturnType<typeof threadOf>;

/** What the channel shows of one service. */
export function threadOf({ headlines, cards, slack }: Bench, service: string) {
  const about = `*${service}*`;
  const headline = (): string => headlines(about)[0]?.text ?? '';
  const alertsIn = /, (\d+) alerts?/;
  return {
    /** How many there are: one, if all is well. */
    count: (): number => headlines(about).length,
    headline,
    cards: (): Message[] => cards(about),
    /** How many alerts the headline counts. */
    alerts: (): number => Number(alertsIn.exec(headline())?.[1] ?? 0),
    /** Everything but that count, word for word. */
    besidesTheCount: (): string => {
      const replies = headlines(about).flatMap(({ ts }) => slack.control.thread(CHANNEL, ts).slice(1));
      const shown = replies.map(({ ts, text, blocks }) => JSON.stringify([ts, text, blocks]));
      return [headline().replace(alertsIn, ''), ...shown].join('\n');
    },
  };
}
