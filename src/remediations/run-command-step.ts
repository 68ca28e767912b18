import type { StepOf } from '../model/plan.js';
import {
  type ApplyContext,
  BEGIN_WITHIN_MS,
  connectTo,
  EFFECT_MS,
  entryOf,
  folderOf,
  type Known,
  known,
  pending,
  type Place,
  seconds,
  type StepRunner,
  wordsOf,
} from './apply-context.js';
import { askLedger, type LedgerAnswer, RUN_LIMIT_SECONDS } from './host-ledger.js';

type Step = StepOf<'command'>;

/** A program on a host, through the host's ledger. */
export const commandStep: StepRunner<Step> = {
  words: ({ host, argv }) => `${host}: ${argv.join(' ')}`,

  apply: runOnce,

  look: async ({ host, expect }, index, context) => lookAt(host, expect?.unit ?? null, index, context),
};

/** `input` is one line that the program reads. */
export async function runOnce(
  { host, argv, asRoot, expect, input }: Omit<Step, 'kind'> & { input?: string },
  index: Place,
  context: ApplyContext,
): Promise<Known> {
  let connection;
  try {
    connection = await connectTo(host, context);
  } catch (error) {
    return known('not-done', `${host} was not reached: ${wordsOf(error)}`);
  }
  if (context.signal.aborted) return known('not-done', 'this worker is stopping');
  const mode = {
    ...{ kind: 'run' as const, argv, asRoot, expect, ...(input === undefined ? {} : { input }) },
    ...{ notAfter: seconds(context.notAfter), limitSeconds: RUN_LIMIT_SECONDS },
  };
  try {
    const ask = { id: entryOf(context, index), mode, ...folderOf(context) };
    return afterRun(host, await askLedger(connection, ask, AbortSignal.timeout(EFFECT_MS)));
  } catch (error) {
    return known('unknown', `${host} did not say what became of it: ${wordsOf(error)}`);
  }
}

function afterRun(host: string, answer: LedgerAnswer): Known {
  switch (answer.result) {
    case 'done':
      return ended(host, answer);
    case 'changed':
      return known('not-done', `${host}: it is not as it was any more: ${answer.detail}`);
    case 'no-ledger':
      return known('not-done', `${host}: the ledger cannot be written in ${answer.detail}`);
    case 'too-late':
      return known('not-done', `${host}: it came too late${clockWords(answer.clock)}`);
    case 'not-done':
      return known('not-done', `${host}: somebody has looked in vain and barred it`);
    case 'taken':
      return known('unknown', `${host}: somebody else has begun it`);
    default:
      return known('unknown', `${host}: ${answer.result}`);
  }
}

/** `timeout` ends what takes too long with 124, and then nobody knows what it has done until then. */
function ended(
  host: string,
  { exitCode, output, before, now }: Extract<LedgerAnswer, { result: 'done' }>,
): Known {
  const said = output.trim() === '' ? '' : `: ${output.trim().slice(0, 400)}`;
  if (exitCode === 0) return known('done', `${host}: exit status 0${said}`);
  if (exitCode === 124 || exitCode === 137)
    return known('unknown', `${host}: not through within ${RUN_LIMIT_SECONDS} s${said}`);
  const error = `${host}: it began and reported an error, exit status ${exitCode}${said}`;
  const isUntouched = now !== undefined && fromUnit(host, before ?? '', now).result === 'not-done';
  return isUntouched
    ? known('failed', `${error}; the unit is the one that ran before`)
    : known('errored', error);
}

const CLOCK_OFF_SECONDS = 15;
const clockWords = (clock: number | null): string => {
  const ahead = clock === null ? 0 : clock - Math.floor(Date.now() / 1000);
  return Math.abs(ahead) < CLOCK_OFF_SECONDS ? '' : `; its clock is ${ahead} s ahead of the worker's`;
};

/** From the beginning to its last moment, and a minute for clocks that differ. */
const BEGAN_BEFORE_SECONDS = BEGIN_WITHIN_MS / 1_000 + 60;

/** Also bars what was not begun. */
export async function lookAt(
  host: string,
  unit: string | null,
  index: Place,
  context: ApplyContext,
): Promise<Known> {
  const since = seconds(context.notAfter) - BEGAN_BEFORE_SECONDS;
  const ask = {
    id: entryOf(context, index),
    mode: { kind: 'look' as const, unit, since },
    ...folderOf(context),
  };
  try {
    const connection = await connectTo(host, context);
    return afterLook(host, await askLedger(connection, ask, AbortSignal.timeout(EFFECT_MS)));
  } catch (error) {
    return pending(`${host} could not be asked: ${wordsOf(error)}`);
  }
}

function afterLook(host: string, answer: LedgerAnswer): Known {
  switch (answer.result) {
    case 'done':
      return ended(host, answer);
    case 'finished':
      return known('done', `${host}: ${answer.detail}`);
    case 'not-done':
      return known('not-done', `${host}: it was not begun, and can not begin any more`);
    case 'open':
      return fromUnit(host, answer.before, answer.now);
    case 'rebooted':
      return known('unknown', `${host} started anew since then`);
    case 'running':
      return pending(`${host}: it is still at it`);
    default:
      return known('unknown', `${host}: ${answer.result}`);
  }
}

/** systemd gives each start of a unit an id of its own; without a job waiting, the same id means that nothing came. */
function fromUnit(host: string, before: string, now: string): Known {
  const invocation = (text: string): string => /InvocationID=([0-9a-f]*)/.exec(text)?.[1] ?? '';
  const job = /Job=([1-9]\d*)/.exec(now);
  if (invocation(before) === '' && invocation(now) === '')
    return known('unknown', `${host}: it had begun, and nothing tells whether it came to its end`);
  if (invocation(before) !== invocation(now))
    return known('done', `${host}: the unit was started since then`);
  return job === null
    ? known('not-done', `${host}: the unit is the one that ran before, and no job waits`)
    : pending(`${host}: a job of the unit is still waiting`);
}
