import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { APP } from './seed.js';
import type { Json, JsonObject } from './types.js';

export type Delivery = { type: 'slash_commands' | 'interactive' | 'events_api'; payload: JsonObject };
export type Acknowledgement = { kind: 'acknowledged'; body: Json } | { kind: 'failed'; error: string };

export type SocketMode = ReturnType<typeof createSocketMode>;

const PING_EVERY_MS = 10_000;
const GOODBYE_MS = 500;
const Ack = z.looseObject({ envelope_id: z.string(), payload: z.json().optional() });

/** Slack's side of Socket Mode: one-time addresses, hello, envelopes and their acks, goodbye on request. */
export function createSocketMode(server: Server, { ackMs }: { ackMs: number }) {
  const sockets = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const connections = new Set<WebSocket>();
  const waiting = new Map<string, { connection: WebSocket; settle: (ack: Acknowledgement) => void }>();
  let turn = 0;

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '', 'http://local');
    if (url.pathname !== '/link' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, welcome);
  });

  function welcome(connection: WebSocket) {
    connections.add(connection);
    const pings = setInterval(() => connection.ping(), PING_EVERY_MS);
    connection.on('message', (data: Buffer) => receive(data.toString('utf8')));
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      clearInterval(pings);
      connections.delete(connection);
      for (const each of waiting.values()) {
        if (each.connection === connection) each.settle({ kind: 'failed', error: 'dispatch_failed' });
      }
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.size,
        debug_info: { host: 'local', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: APP.id },
      }),
    );
  }

  function receive(text: string) {
    const ack = Ack.parse(JSON.parse(text));
    waiting.get(ack.envelope_id)?.settle({ kind: 'acknowledged', body: ack.payload ?? null });
  }

  /** Connections take turns, as at Slack. */
  function deliver(
    delivery: Delivery,
    retry?: { attempt: number; reason: string },
  ): Promise<Acknowledgement> {
    const open = [...connections];
    const connection = open[turn++ % Math.max(1, open.length)];
    if (!connection) return Promise.resolve({ kind: 'failed', error: 'dispatch_failed' });
    const envelopeId = randomUUID();
    const envelope = {
      envelope_id: envelopeId,
      ...delivery,
      accepts_response_payload: delivery.type !== 'events_api',
      ...(delivery.type === 'events_api' && {
        retry_attempt: retry?.attempt ?? 0,
        retry_reason: retry?.reason ?? '',
      }),
    };
    return new Promise((resolve) => {
      const settle = (ack: Acknowledgement) => {
        clearTimeout(timer);
        waiting.delete(envelopeId);
        resolve(ack);
      };
      const timer = setTimeout(() => settle({ kind: 'failed', error: 'operation_timeout' }), ackMs);
      waiting.set(envelopeId, { connection, settle });
      connection.send(JSON.stringify(envelope));
    });
  }

  return {
    deliver,
    connectionCount: () => connections.size,
    openSocket(baseUrl: string): string {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${baseUrl.replace(/^http/, 'ws')}/link?ticket=${ticket}&app_id=${APP.id}`;
    },
    /** `warning` and `refresh_requested` are polite; `cut` just drops the line. */
    disconnect(reason: 'warning' | 'refresh_requested' | 'cut' = 'refresh_requested') {
      for (const connection of connections) {
        if (reason === 'cut') connection.terminate();
        else connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } }));
      }
    },
    /** A client that is just saying goodbye gets its answer first. */
    async close(): Promise<void> {
      const closed = [...connections].map((connection) => once(connection, 'close'));
      for (const connection of connections) connection.close(1001);
      await Promise.race([Promise.all(closed), sleep(GOODBYE_MS)]);
      for (const connection of connections) connection.terminate();
      sockets.close();
    },
  };
}
