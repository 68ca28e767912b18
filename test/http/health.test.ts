import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { healthRouter } from '../../src/http/health.js';

it('names the part that is down, and tells its error to the log only', async () => {
  const said: string[] = [];
  const refuse = () => Promise.reject(new Error('connect ECONNREFUSED db-7.internal:5432'));
  const router = healthRouter({ database: refuse, queue: () => Promise.resolve() }, ({ message }) =>
    said.push(message),
  );
  const server = express().use(router).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: 'not ready',
      parts: { database: 'down; the log says why', queue: 'ok' },
    });
    expect(said).toEqual(['not ready: database: connect ECONNREFUSED db-7.internal:5432']);
  } finally {
    server.close();
  }
});
