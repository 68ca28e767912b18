import { changeMember, memberCommand } from '../clients/haproxy.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { StepOf } from '../model/plan.js';
import { readMembers } from '../probes/balancer-members.js';
import {
  type ApplyContext,
  connectTo,
  EFFECT_MS,
  entryOf,
  folderOf,
  type Known,
  known,
  seconds,
  type StepRunner,
  wordsOf,
} from './apply-context.js';
import { askLedger } from './host-ledger.js';
import { isUp, tooFewWithout } from './members.js';
import { lookAt } from './run-command-step.js';

type Step = StepOf<'member'>;

/** A word to HAProxy at its socket; the ledger of its host sees to it that it is said once and not late. */
export const memberStep: StepRunner<Step> = {
  words: (step) => `${step.host}: ${memberCommand(step)}`,

  async apply(step, index, context) {
    const { host } = step;
    const socket = context.service.balancer?.socket;
    if (socket === undefined) return known('not-done', 'the balancer has no socket in the inventory');
    const entry = { id: entryOf(context, index), ...folderOf(context) };
    const limit = (): AbortSignal => AbortSignal.timeout(EFFECT_MS);
    let connection;
    try {
      connection = await connectTo(host, context);
      const barred = step.state === 'drain' ? await whyNotDrain(step, connection.network, context) : null;
      if (barred !== null) return known('not-done', barred);
      if (context.signal.aborted) return known('not-done', 'this worker is stopping');
      const mode = { kind: 'claim' as const, notAfter: seconds(context.notAfter) };
      const { result } = await askLedger(connection, { ...entry, mode }, limit());
      if (result !== 'claimed') return notClaimed(host, result);
    } catch (error) {
      return known('not-done', `${host} was not reached: ${wordsOf(error)}`);
    }
    try {
      const late = whyNotNow(context);
      if (late !== null) {
        await askLedger(connection, { ...entry, mode: { kind: 'finish', words: 'cancelled' } }, limit());
        return known('not-done', `${host}: ${late}`);
      }
      await changeMember(connection.network, socket, step, limit());
      const mode = { kind: 'finish' as const, words: `${step.member} ${step.state}` };
      await askLedger(connection, { ...entry, mode }, limit());
      return known('done', `${step.member} is set to ${step.state}`);
    } catch (error) {
      const refused = error instanceof ClientError && error.code === 'denied';
      return known(refused ? 'failed' : 'unknown', wordsOf(error));
    }
  },

  /** The ledger tells whether it was begun, HAProxy itself what is now. */
  async look(step, index, context) {
    const entry = await lookAt(step.host, null, index, context);
    if (entry.result !== 'unknown') return entry;
    const isNow = await memberNow(step.host, step.member, context);
    if (isNow === null) return entry;
    const drained = isNow.status.startsWith('DRAIN');
    return drained === (step.state === 'drain')
      ? known('done', `${step.member} is ${isNow.status}`)
      : known('unknown', `${step.member} is ${isNow.status}`);
  },
};

const notClaimed = (host: string, result: string): Known =>
  known(result === 'taken' ? 'unknown' : 'not-done', `${host}: ${result}`);

/** The claim may have taken long; what nobody looks after any more is not begun. */
const whyNotNow = ({ signal, notAfter }: ApplyContext): string | null => {
  if (signal.aborted) return 'this worker is stopping, or another one looks after it';
  return Date.now() <= notAfter.getTime() ? null : 'it came too late';
};

/** The pool may be another one than it was when the plan was made, or a step ago. */
async function whyNotDrain(
  { pool, member }: Step,
  network: Network,
  { service: { balancer } }: ApplyContext,
): Promise<string | null> {
  if (balancer === undefined) return 'there is no balancer in the inventory';
  const { members } = await readMembers(balancer, network, AbortSignal.timeout(EFFECT_MS));
  const found = members.find(({ name }) => name === member);
  if (found === undefined) return `${member} is not in pool ${pool} any more`;
  if (!isUp(found)) return `${member} is ${found.status} already`;
  return tooFewWithout(members, found);
}

export async function memberNow(host: string, member: string, context: ApplyContext) {
  const { balancer } = context.service;
  if (balancer === undefined) return null;
  try {
    const { network } = await connectTo(host, context);
    const { members } = await readMembers(balancer, network, AbortSignal.timeout(EFFECT_MS));
    return members.find(({ name }) => name === member) ?? null;
  } catch (error) {
    context.onProgress(`${host} could not be asked: ${wordsOf(error)}`);
    return null;
  }
}

/** Without a connection left on it, or with a good health check. */
export async function memberIs(
  { until, host, member }: StepOf<'wait'>,
  context: ApplyContext,
): Promise<boolean> {
  const found = member === null ? null : await memberNow(host, member, context);
  if (found === null) return false;
  return until === 'up' ? isUp(found) : found.sessions === 0;
}
