import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, buildConnector } from 'undici';
import { findProgram } from './require-server.js';

export type Amazon = {
  /** Leads every name to the server, and trusts its authority alone: names in certificates are looked at as ever. */
  readonly dispatcher: Agent;
  /** Paths that were asked for, over a connection that was trusted. */
  readonly asked: string[];
  close(): Promise<void>;
};

type Options = {
  answer: RequestListener;
  /** Of the server's own certificate. */
  names?: readonly string[];
  days?: { from: number; until: number };
  /** Whether the authority that signed it is the one that is trusted. */
  isTrusted?: boolean;
};

/** A host of Amazon's, as far as TLS can tell: an HTTPS server of its own with an authority of its own. */
export async function startAmazon({ answer, isTrusted = true, ...certificate }: Options): Promise<Amazon> {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-amazon-'));
  const { names = ['sns.eu-west-1.amazonaws.com'], days = { from: -1, until: 1 } } = certificate;
  const made = makeCertificate(folder, names, days);
  const trusted = isTrusted ? made.authority : makeCertificate(folder, names, days).authority;
  const asked: string[] = [];
  const server = createServer({ key: made.key, cert: made.certificate }, (request, response) => {
    asked.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connect = buildConnector({ ca: trusted });
  const dispatcher = new Agent({
    connect: ({ hostname, host, ...options }, done) => {
      const named = { ...options, servername: hostname, ...(host !== undefined && { host: hostname }) };
      connect({ ...named, hostname: '127.0.0.1', port: String(port) }, done);
    },
  });
  return {
    dispatcher,
    asked,
    close: async () => {
      await dispatcher.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificate(
  folder: string,
  names: readonly string[],
  days: { from: number; until: number },
): { authority: string; key: string; certificate: string } {
  const openssl = (...args: string[]): void => {
    execFileSync(findProgram('openssl') ?? 'openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const time = (day: number): string =>
    `${new Date(Date.now() + day * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
  writeFileSync(
    path.join(folder, 'names'),
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`,
  );
  writeFileSync(path.join(folder, 'index'), '');
  writeFileSync(path.join(folder, 'ca.conf'), CA);
  openssl('req', '-x509', ...fresh, '-days', '2', '-subj', '/CN=ours', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl('req', ...fresh, '-subj', '/CN=server', '-keyout', 'server.key', '-out', 'server.csr');
  const dates = ['-startdate', time(days.from), '-enddate', time(days.until)];
  const signing = ['ca', '-batch', '-notext', '-config', 'ca.conf', '-extfile', 'names', ...dates];
  openssl(...signing, '-in', 'server.csr', '-out', 'server.crt');
  return { authority: read('ca.crt'), key: read('server.key'), certificate: read('server.crt') };
}

const CA = `[ca]
default_ca = ours
[ours]
database = index
rand_serial = yes
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = any
[any]
commonName = supplied
`;
