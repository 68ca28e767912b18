import { parseArgs } from 'node:util';
import { startLocalSlack } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3503' },
    host: { type: 'string', default: '127.0.0.1' },
    'request-url': { type: 'string' },
  },
});
const requestUrl = values['request-url'];
const slack = await startLocalSlack({
  port: Number(values.port),
  host: values.host,
  ...(requestUrl !== undefined && { requestUrl }),
});

console.log(`Local Slack: ${slack.url}\n\nFor the bot:`);
console.log(`SLACK_API_URL=${slack.apiUrl}`);
console.log(`SLACK_BOT_TOKEN=${slack.botToken}`);
console.log(requestUrl ? `SLACK_SIGNING_SECRET=${slack.signingSecret}` : `SLACK_APP_TOKEN=${slack.appToken}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void slack.close());
}
