import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isLoopback } from '../clients/addresses.js';
import type { Network } from '../clients/host-connection.js';
import { postgresAddress } from '../clients/postgres-address.js';
import { inPostgres, type PostgresSession } from '../clients/postgres.js';
import type { StepOf } from '../model/plan.js';
import { countOf } from '../model/words.js';
import {
  type ApplyContext,
  connectTo,
  type Known,
  known,
  pending,
  type StepRunner,
  wordsOf,
} from './apply-context.js';

type Step = StepOf<'sql'>;

const Ended = z.array(z.object({ pid: z.int(), ended: z.boolean() }));
const Remaining = z.array(z.object({ remaining: z.int().nonnegative() })).length(1);
const SESSION_MS = 8_000;
/** After its time the statement does nothing; clocks may differ by this. */
const CLOCKS_MS = 5_000;
/** How long a session that was told to end may take. */
const ENDING_MS = 500;

/** One statement in the service's database. What it ends is named by process id and start, which nobody has twice. */
export const sqlStep: StepRunner<Step> = {
  words: () => 'database: one statement',

  async apply(step, _index, context) {
    const total = countIn(step);
    if (context.signal.aborted) return known('not-done', 'this worker is stopping');
    const parameters = [...step.parameters, context.notAfter.toISOString()];
    const asked = await inDatabase(context, async (query) => {
      const ended = Ended.parse(await query(step.text, parameters)).filter((row) => row.ended).length;
      await sleep(ENDING_MS);
      return ended;
    });
    if (asked === 'lost') return known('unknown', 'the database did not say what became of it');
    if (asked === null) return known('not-done', 'the database was not reached');
    const { failure, rung, result } = asked;
    if (failure !== null) {
      if (rung !== 'answer') return known('not-done', `the database did not let us in: ${failure.message}`);
      return afterError(failure.code, failure.message);
    }
    if (result === 0) return known('not-done', 'none of these sessions was idle in a transaction any more');
    return known('done', `${result ?? 0} of ${countOf(total, 'session')} ended`);
  },

  async look(step, _index, context) {
    const wait = context.notAfter.getTime() + CLOCKS_MS - Date.now();
    if (wait > 0) await sleep(wait); // only then is what is left left for ever
    const asked = await inDatabase(context, async (query) => {
      const [row] = Remaining.parse(await query(step.look, step.parameters));
      return row?.remaining ?? 0;
    });
    const session = asked === 'lost' ? null : asked;
    const left = session?.result ?? null;
    const total = countIn(step);
    if (left === null)
      return pending(`the database could not be asked: ${session?.failure?.message ?? 'not reached'}`);
    if (left === total) return known('not-done', `all ${countOf(total, 'session')} are still there`);
    // They may have ended by themselves: without the answer to our own statement nobody knows.
    return known(
      'unknown',
      `${total - left} of ${countOf(total, 'session')} are gone, and whether this ended them is not known`,
    );
  },
};

const countIn = ({ parameters: [first] }: Step): number => (Array.isArray(first) ? first.length : 1);

/** The server refused the statement as such: nothing of it has run. */
const REFUSED_AS_SUCH = /^(?:42|3D|3F|28|0A|22P02)/;

/** Ended sessions stay ended, whatever becomes of the statement that ended them. */
function afterError(code: string | null, message: string): Known {
  if (code === null) return known('unknown', message);
  if (REFUSED_AS_SUCH.test(code)) return known('failed', message);
  return known('errored', `it began and reported an error: ${message}`);
}

/**
 * From the first host that leads there, else from the worker. Asked again elsewhere only where nobody heard it: `lost`
 * when the statement was handed over and no answer came.
 */
async function inDatabase<T>(
  context: ApplyContext,
  work: Parameters<typeof inPostgres<T>>[3],
): Promise<PostgresSession<T> | 'lost' | null> {
  const url = context.service.database?.url;
  if (url === undefined) return null;
  let last: PostgresSession<T> | null = null;
  const handed = { over: false };
  const handing: typeof work = (query) =>
    work((...statement) => {
      handed.over = true;
      return query(...statement);
    });
  for await (const network of networks(context, url)) {
    try {
      last = await inPostgres(network, url, AbortSignal.timeout(SESSION_MS), handing);
    } catch (error) {
      if (handed.over) return 'lost';
      context.onProgress(`${network.name} does not lead to the database: ${wordsOf(error)}`);
      continue;
    }
    if (handed.over || last.rung !== 'tcp') return last;
  }
  return last;
}

/** The worker's own loopback is another machine's. */
async function* networks(context: ApplyContext, url: string): AsyncGenerator<Network> {
  for (const host of context.service.hosts) {
    try {
      yield (await connectTo(host, context)).network;
    } catch (error) {
      context.onProgress(`${host} is not reached: ${wordsOf(error)}`);
    }
  }
  if (!isLoopback(postgresAddress(url).host)) yield context.network;
}
