import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import type { World } from '../../src/alerts/define-source.js';
import type { AlertSettings } from '../../src/config/alert-settings.js';
import { alertsRouter } from '../../src/http/alerts.js';
import { createLimitedServer } from '../../src/http/server-limits.js';
import type { AlertDelivery, AlertIntake, AlertSource } from '../../src/model/alert.js';
import { inventoryOf, service } from '../helpers/service.js';

/** When the recorded payloads were sent. */
export const NOW = Date.parse('2026-03-01T02:41:30Z');
export const NOW_S = String(NOW / 1_000);
export const SECRET = 'k7Qm2xW9pL4vB8nR3tY6uJ1sD5fG0hZc';
export const NEXT_SECRET = 'a1S9dF3gH7jK2lP6oI4uY8tR5eW0qZxV';
export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';

export const ALL_ON: AlertSettings = {
  alertmanager: { tokens: [SECRET, NEXT_SECRET], logins: [`am:${SECRET}`] },
  grafana: { secrets: [SECRET, NEXT_SECRET] },
  pagerduty: { secrets: [SECRET, NEXT_SECRET] },
  datadog: { tokens: [SECRET, NEXT_SECRET] },
  sns: { topics: [TOPIC], confirm: 'operator' },
  generic: { secrets: [SECRET, NEXT_SECRET], tokens: [NEXT_SECRET] },
};

export const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url), 'utf8');

/** Keeps what comes, as a store would; answers a repeated key as repeated. */
export function recordingPort(): { intake: AlertIntake; seen: AlertDelivery[] } {
  const seen: AlertDelivery[] = [];
  const intake: AlertIntake = (delivery) => {
    const repeated = seen.some(({ key, source }) => key === delivery.key && source === delivery.source);
    seen.push(delivery);
    const alerts = delivery.matched.map(({ fingerprint, service: name }) => ({
      fingerprint,
      service: name,
      incidentId: 'incident-1',
      newRun: !repeated,
      because: 'it fires',
    }));
    return Promise.resolve({ repeated, alerts });
  };
  return { intake, seen };
}

type Options = Partial<Parameters<typeof alertsRouter>[0]>;

export type Route = Awaited<ReturnType<typeof openRoute>>;

/** The real route on a real server with the bot's own limits. */
export async function openRoute(options: Options = {}) {
  const port = recordingPort();
  const lines: string[] = [];
  const note = (...words: unknown[]): void => void lines.push(JSON.stringify(words));
  const world: World = {
    now: () => NOW,
    fetchCertificate: () => Promise.reject(new Error('nobody is asked here')),
    open: () => Promise.reject(new Error('nothing is opened here')),
  };
  const router = alertsRouter({
    settings: ALL_ON,
    inventory: inventoryOf(service('api-prod'), service('shop')),
    intake: port.intake,
    world,
    log: { info: note, warn: note, error: note },
    ...options,
  });
  const server = createLimitedServer(express().disable('x-powered-by').use(router));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    ...port,
    lines,
    port: address.port,
    send: (source: AlertSource, given: Sent) => send(address.port, `/alerts/${source}`, given),
    sendTo: (path: string, given: Sent) => send(address.port, path, given),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A list of values is that many header lines; null leaves the header out. */
export type Sent = {
  method?: string;
  headers?: Readonly<Record<string, string | readonly string[] | null>>;
  body?: string | Buffer;
  /** Ends the body early, and waits. */
  keepOpen?: boolean;
};
export type Got = { status: number; text: string; headers: string };

/** Byte by byte as it is given: a client library would put right what has to stay wrong. */
export function send(
  port: number,
  path: string,
  { method = 'POST', headers = {}, ...given }: Sent,
): Promise<Got> {
  const body = Buffer.from(given.body ?? '');
  const all: Record<string, string | readonly string[] | null> = {
    host: '127.0.0.1',
    connection: 'close',
    'content-length': String(body.length),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((each) => `${name}: ${each}`),
  );
  const head = [`${method} ${path} HTTP/1.1`, ...lines].join('\r\n');
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]));
    });
    socket.setEncoding('utf8');
    const done = (): void => {
      const [first = '', ...rest] = answer.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(first)?.[1]);
      if (Number.isNaN(status)) reject(new Error(`no answer to ${method} ${path}`));
      else resolve({ status, text: rest.join('\r\n\r\n'), headers: first });
      socket.destroy();
    };
    socket.on('data', (chunk) => {
      answer += String(chunk);
      const length = Number(/content-length: ([0-9]+)/i.exec(answer)?.[1] ?? NaN);
      const start = answer.indexOf('\r\n\r\n') + 4;
      if (start >= 4 && Buffer.byteLength(answer.slice(start)) >= length) done();
    });
    socket.on('close', done);
    // A refused sender may be cut while it still writes: what it was answered before counts.
    socket.on('error', () => undefined);
  });
}
