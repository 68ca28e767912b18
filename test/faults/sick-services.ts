import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Many small services that answer 503, and their health check asks at a path that is not there: a cause that is found at once. */
export type SickServices = {
  inventory(names: readonly string[], of: EntryOf, hosts?: string): string;
  stop(): Promise<void>;
};

/** The operator's command for a service, and the host that runs it. */
export type EntryOf = (name: string) => { command: readonly string[]; host: string };

export const labelOf = (service: string): string => `Count ${service}`;

/** Ten people who may press. */
export const PEOPLE = Array.from({ length: 10 }, (_, index) => `U0PERSON${index}`);

const CAUSES = [
  ...['overload', 'not-started', 'health-check', 'deployment', 'database-connections', 'dependency'],
  ...['deliberate', 'routing'],
].join(', ');

/** `isWell`: what the change has really cured. */
export async function startSickServices(
  isWell: (service: string) => boolean,
  bodyOf: (service: string) => string = () => 'failing',
  address = '127.0.0.1',
): Promise<SickServices> {
  const server = createServer((request, response) => {
    const [, service = ''] = (request.url ?? '').split('/');
    const well = isWell(service);
    const status = well ? 200 : request.url?.endsWith('/health/') ? 404 : 503;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(well ? 'ok' : bodyOf(service));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const entry = (name: string, { command, host }: ReturnType<EntryOf>): string => `  ${name}:
    hosts: [${host}]
    health: http://${address}:${port}/${name}/health/
    url: http://${address}:${port}/${name}/
    remediations:
      run-command: { allow: [operator], command: ${JSON.stringify(command)}, title: ${labelOf(name)}, effect: Counts., causes: [${CAUSES}] }`;
  return {
    inventory: (names, of, hosts = '') =>
      `services:\n${names.map((name) => entry(name, of(name))).join('\n')}
${hosts}roles:
  operator: { users: [U0ANA, ${PEOPLE.join(', ')}] }
`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
