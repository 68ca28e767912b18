import type { Message } from '../../../demo/slack/types.js';
import { type Bench, CHANNEL } from '../../e2e/bench.js';

export type Thread = ReturnType<typeof threadOf>;

/** What the channel shows of one service. */
export function threadOf({ headlines, cards, slack }: Bench, service: string) {
  const about = `*${service}*`;
  const headline = (): string => headlines(about)[0]?.text ?? '';
  return {
    /** How many there are: one, if all is well. */
    count: (): number => headlines(about).length,
    headline,
    cards: (): Message[] => cards(about),
    /** How many alerts the headline counts. */
    alerts: (): number => Number(/, (\d+) alerts?/.exec(headline())?.[1] ?? 0),
    /** All of it, word for word. */
    words: (): string =>
      headlines(about)
        .flatMap(({ ts }) => slack.control.thread(CHANNEL, ts))
        .map(({ ts, text, blocks }) => JSON.stringify([ts, text, blocks]))
        .join('\n'),
  };
}
