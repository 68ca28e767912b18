import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalSlack } from '../../../demo/slack/server.js';

let slack: Awaited<ReturnType<typeof startLocalSlack>>;
beforeAll(async () => {
  slack = await startLocalSlack({});
});
afterAll(() => slack.close());

/** fetch() would not let a test name the host. */
const ask = (headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${slack.url}/_control/calls`, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });

it.each([
  ['a program', {}, 200],
  ['localhost', { host: 'localhost:80' }, 200],
  ['another site', { origin: 'https://evil.example' }, 403],
  ['a name that was made to lead here', { host: 'evil.example:80' }, 403],
  ['the same with its own origin', { host: 'evil.example:80', origin: 'http://evil.example:80' }, 403],
])('answers %s', async (_name, headers, status) => {
  expect(await ask(headers as Record<string, string>)).toBe(status);
});
