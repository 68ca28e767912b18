import { mrkdwn } from './mrkdwn.js';
import type { View } from './view.js';

const TEXT = [
  '*diag503* finds out why a service answers 503. It changes nothing by itself; where the inventory allows it, a verdict has buttons.',
  '`/diag503 SERVICE` looks now and answers in a thread of the service’s channel',
  '`/diag503` lets you pick the service',
  '`/diag503 list` shows the services it knows',
  '`/diag503 status SERVICE` shows the last answer without looking again',
  '`/diag503 help` shows this',
].join('\n');

export const help = (): View => ({
  text: 'How to use /diag503',
  blocks: [{ type: 'section', text: mrkdwn(TEXT) }],
});
