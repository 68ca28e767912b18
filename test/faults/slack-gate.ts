import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { toldIn } from './told.js';

/** Stands before the local Slack and can hold the message that tells what became of a change. */
export type SlackGate = {
  apiUrl: string;
  /** The end of the change with this label stays here until `release`. */
  hold(label: string): void;
  /** `waiting`: a worker waits for Slack's answer; `left`: it has gone away meanwhile. */
  stateOf(label: string): 'open' | 'armed' | 'waiting' | 'left';
  release(label: string): void;
  close(): Promise<void>;
};

type Held = { state: 'armed' | 'waiting' | 'left'; release: () => void; released: Promise<void> };

/** `answerAfterMs`: Slack has taken what it was sent that long before its sender hears of it. */
export async function startSlackGate(
  slackApi: string,
  { answerAfterMs = 0 }: { answerAfterMs?: number } = {},
): Promise<SlackGate> {
  const held = new Map<string, Held>();
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const asked = held.get(labelIn(request.url ?? '', body) ?? '');
    if (asked?.state === 'armed') {
      asked.state = 'waiting';
      // Who has no patience left asks whether it arrived, and posts it again if not: it must not arrive after that.
      const left = new Promise<void>((resolve) => {
        response.once('close', () => {
          asked.state = 'left';
          resolve();
        });
      });
      await Promise.race([asked.released, left]);
    }
    // Slack takes what came to it also when the one who sent it has died meanwhile.
    const answer = await forward(
      new URL(`.${(request.url ?? '').replace(/^\/api/, '')}`, slackApi),
      request,
      body,
    );
    if (answerAfterMs > 0) await sleep(answerAfterMs);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** Which of the held changes this call tells the end of. */
  function labelIn(url: string, body: Buffer): string | undefined {
    if (held.size === 0 || !/\/chat\.(?:update|postMessage)$/.test(url)) return undefined;
    const text = new URLSearchParams(body.toString()).get('text') ?? '';
    const told = toldIn(text);
    if (told === null || told === 'not known yet') return undefined;
    return [...held.keys()].find((label) => text.includes(label));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    hold: (label) => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      held.set(label, { state: 'armed', release, released });
    },
    stateOf: (label) => held.get(label)?.state ?? 'open',
    release: (label) => {
      held.get(label)?.release();
      held.delete(label);
    },
    close: async () => {
      for (const { release } of held.values()) release();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(url: URL, { method = 'POST', headers }: IncomingMessage, body: Buffer) {
  const { authorization, 'content-type': type } = headers;
  const answer = await fetch(url, {
    method,
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    ...(body.length > 0 && { body }),
  });
  const retryAfter = answer.headers.get('retry-after');
  const contentType = answer.headers.get('content-type') ?? 'application/json';
  return {
    status: answer.status,
    headers: { 'content-type': contentType, ...(retryAfter !== null && { 'retry-after': retryAfter }) },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
