import { parse } from 'csv-parse/sync';
import type { Duplex } from 'node:stream';
import { ClientError } from '../model/client-error.js';
import { toError, withDeadline } from './deadline.js';
import type { Network } from './host-connection.js';
import { askHttp } from './http.js';

const DEADLINE_MS = 3000;
/** About 3,000 rows; one more is a sign of the wrong socket. */
const CAP_CHARS = 1024 * 1024;

/** What a probe sends to an admin socket, which would also take members out. */
export type HaproxyVerb = 'show info' | 'show stat';

/** The one change that is ever sent there. HAProxy's own names hold no character that ends a command. */
export type MemberChange = { pool: string; member: string; state: 'drain' | 'ready' };
const NAME = /^[A-Za-z0-9_.:-]{1,100}$/;

export const memberCommand = ({ pool, member, state }: MemberChange): string => {
  if (!NAME.test(pool) || !NAME.test(member))
    throw new ClientError('malformed', `not the name of a pool and its member: ${pool}/${member}`);
  return `set server ${pool}/${member} state ${state}`;
};

/** HAProxy answers nothing when it has done it, and a sentence when it has not. */
export const changeMember = async (
  network: Network,
  path: string,
  change: MemberChange,
  signal: AbortSignal,
): Promise<void> => {
  const refused = (await say(network, path, memberCommand(change), signal)).trim();
  if (refused !== '') throw new ClientError('denied', `${path} on ${network.name}: ${refused.slice(0, 200)}`);
};

/** One row of `show stat` with its verbatim line. */
export type HaproxyRow = { fields: Readonly<Record<string, string>>; line: string };

export const askHaproxySocket = (
  network: Network,
  path: string,
  verb: HaproxyVerb,
  signal: AbortSignal,
): Promise<string> => say(network, path, verb, signal);

const say = async (network: Network, path: string, line: string, signal: AbortSignal): Promise<string> => {
  const what = `${path} on ${network.name}`;
  try {
    return await withDeadline(DEADLINE_MS, signal, async (deadline) => {
      const stream = await network.connectUnix(path, deadline);
      try {
        stream.write(`${line}\n`);
        return await readToEnd(stream, deadline);
      } finally {
        stream.destroy();
      }
    });
  } catch (error) {
    throw explained(error, what);
  }
};

/** The same table as the statistics page gives it: `…/stats;csv`. */
export const askHaproxyPage = async (network: Network, url: string, signal: AbortSignal): Promise<string> => {
  const answer = await askHttp(network, { url, deadlineMs: DEADLINE_MS, keepBodyChars: CAP_CHARS }, signal);
  if (answer.failure) throw new ClientError('unreachable', `${answer.request}: ${answer.failure.message}`);
  if (answer.status === 401 || answer.status === 403)
    throw new ClientError(
      'denied',
      `${answer.request}: HTTP ${answer.status}; put user and password into statsUrl`,
    );
  if (answer.status !== 200)
    throw new ClientError('malformed', `${answer.request}: HTTP ${String(answer.status)} instead of a table`);
  return answer.body;
};

/** Its header line starts with `# `. Columns differ between versions, so they are taken by name. */
export const parseHaproxyStat = (text: string): HaproxyRow[] => {
  const table = text.trimStart();
  if (!table.startsWith('# pxname,svname,'))
    throw new ClientError('malformed', `not the output of \`show stat\`: ${table.slice(0, 80)}`);
  const records: unknown = parse(table.slice(2), {
    columns: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  if (!Array.isArray(records)) return [];
  return records.flatMap((entry: { record?: Record<string, string>; raw?: string }) =>
    entry.record ? [{ fields: entry.record, line: (entry.raw ?? '').trim() }] : [],
  );
};

const readToEnd = (stream: Duplex, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = () => resolve(Buffer.concat(chunks).toString('utf8'));
    signal.addEventListener('abort', () => reject(toError(signal.reason)), { once: true });
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > CAP_CHARS) reject(new ClientError('malformed', 'more than 1 MiB of output'));
    });
    stream.once('end', done);
    stream.once('close', done);
  });

const explained = (error: unknown, what: string): ClientError => {
  const { message } = toError(error);
  const code = error instanceof ClientError ? error.code : 'unreachable';
  if (code === 'denied' || /permission denied|EACCES/i.test(message))
    return new ClientError(
      'denied',
      `${what}: permission denied; membership in the socket's group (\`usermod -aG haproxy USER\`) would allow it`,
      { cause: error },
    );
  return new ClientError(code, `${what}: ${message}`, { cause: error });
};
