import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { publicAnswer } from '../../src/probes/public-answer.js';
import { readAll } from '../builders/readings.js';
import { service } from '../helpers/service.js';

let server: Server | undefined;
afterEach(() => server?.closeAllConnections());
afterEach(() => void server?.close());

/** What the probe gets of a server that answers the question of that number so. */
const asked = async (answer: (response: ServerResponse, number: number) => Promise<unknown>) => {
  let number = 0;
  server = createServer((_request, response) => void answer(response, (number += 1))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const [reading] = await readAll(publicAnswer, service('shop', { url }));
  if (reading?.status !== 'read') throw new Error(JSON.stringify(reading));
  return publicAnswer.fact.parse(reading.fact).answers.map(({ status }) => status);
};
const end = async (response: ServerResponse): Promise<unknown> => response.end('fine');

describe('the public address', () => {
  it('is asked three times', async () => {
    expect(await asked(end)).toEqual([200, 200, 200]);
  });

  it('is waited for as a user would, also the second time', async () => {
    const answers = await asked(async (response, number) => {
      if (number > 1) await sleep(2500);
      return end(response);
    });
    expect(answers).toEqual([200, 200]);
  });

  it('is not asked again where the page is long in coming', async () => {
    const answers = await asked(async (response) => {
      response.write('beginning');
      await sleep(1700);
      return end(response);
    });
    expect(answers).toEqual([200]);
  });

  it('is not asked again where it is silent', async () => {
    expect(await asked(() => Promise.resolve())).toEqual([null]);
  });
});
