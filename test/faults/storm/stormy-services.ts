import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endedWithUs } from '../ended-with-us.js';

export type StormyServices = { inventory: string; stop(): Promise<void> };

/** What alerts are about, and what people ask about meanwhile. */
export type Names = { channelOf: ReadonlyMap<string, string>; asked: readonly string[] };

/** A look takes so long that two of one service at the same time would be seen. */
const ANSWER_AFTER_MS = 300;

/** Services that answer 503, with a health check at a path that is not there: a cause that is found at once. */
export async function startStormyServices({ channelOf, asked }: Names): Promise<StormyServices> {
  const server = createServer((request, response) => {
    const status = request.url?.endsWith('/health/') === true ? 404 : 503;
    setTimeout(
      () => response.writeHead(status, { 'content-type': 'text/plain' }).end('failing'),
      ANSWER_AFTER_MS,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const entry = (name: string, more: string): string =>
    `  ${name}: { hosts: [local], health: "http://127.0.0.1:${port}/${name}/health/", url: "http://127.0.0.1:${port}/${name}/"${more} }`;
  const entries = [
    ...[...channelOf].map(([name, channel]) => entry(name, `, channel: ${channel}`)),
    ...asked.map((name) => entry(name, '')),
  ];
  return {
    inventory: `services:\n${entries.join('\n')}\n`,
    stop: endedWithUs(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}
