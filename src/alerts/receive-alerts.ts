import { z } from 'zod';
import type { AcceptedDelivery, AlertIntake } from '../model/alert.js';
import type { Inventory } from '../model/service.js';
import type { AlertReading, AlertSourceKind, Gate, RawDelivery, World } from './define-source.js';
import { sortAlerts } from './match-alert.js';
import { UnreadableBody } from './parse-json.js';
import { plainText } from './plain-text.js';

/** What a delivery is answered; `log` is for the operator, the rest is for whoever sent it. */
export type Answer =
  | { status: 200; log?: string; accepted: AcceptedDelivery | null; unmatched: number; note?: string }
  | { status: 400 | 401 | 403 | 503; log: string; error: string };

type Needs = { kind: AlertSourceKind; gate: Gate; world: World; inventory: Inventory; intake: AlertIntake };

/** From bytes to stored alerts: proven, read, matched, stored, in this order, and only then answered with success. */
export async function receiveAlerts(needs: Needs, delivery: RawDelivery): Promise<Answer> {
  try {
    return await receive(needs, delivery);
  } catch (error) {
    const problem = payloadProblem(error);
    if (problem === null) throw error;
    return { status: 400, log: problem, error: problem };
  }
}

/** Why a payload is none of a source; null: the error is another one. */
export function payloadProblem(error: unknown): string | null {
  if (error instanceof UnreadableBody) return error.message;
  if (!(error instanceof z.ZodError)) return null;
  const [issue] = error.issues;
  // Names are the sender's words, so they are cut; values are not repeated at all.
  const where = (issue?.path ?? []).slice(0, 6).map((part) => String(part).slice(0, 40));
  const what = `${where.join('.') || 'it'}: ${issue?.message ?? 'invalid'}`;
  return `the payload is not of this source: ${plainText(what, 300)}`;
}

async function receive(needs: Needs, delivery: RawDelivery): Promise<Answer> {
  const { kind, gate, world } = needs;
  const proof = await gate.prove(delivery);
  if (!proof.genuine) {
    return proof.undecided === true
      ? { status: 503, log: proof.because, error: 'not looked at; send it again' }
      : { status: kind.refusedWith, log: proof.because, error: 'not genuine' };
  }
  const reading = kind.read(delivery.json(), world);
  if (reading.confirm !== undefined) return confirm(reading, reading.confirm, needs);
  if (reading.alerts.length === 0) return nothing(reading.note);
  const key = reading.key ?? proof.key;
  if (key === null) throw new Error(`alerts from ${kind.id} have no key`);
  return store(needs, reading, key);
}

async function store(
  { kind, inventory, intake }: Needs,
  { alerts }: AlertReading,
  key: string,
): Promise<Answer> {
  const { matched, unmatched } = sortAlerts(alerts, inventory);
  const accepted = await intake({ source: kind.id, key, matched, unmatched });
  return { status: 200, accepted, unmatched: unmatched.length };
}

async function confirm({ note }: AlertReading, url: string, { gate, world }: Needs): Promise<Answer> {
  const asked = note ?? 'the source asks to confirm a subscription';
  if (gate.confirms !== true) return nothing(`${asked}; open this once: ${url}`, asked);
  try {
    await world.open(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      status: 503,
      log: `${asked}, which did not work: ${why}`,
      error: 'not confirmed; send it again',
    };
  }
  return nothing(`${asked}; it is confirmed`);
}

/** Genuine, and nothing to store. */
const nothing = (log: string | undefined, note = log): Answer => ({
  status: 200,
  accepted: null,
  unmatched: 0,
  ...(log === undefined ? {} : { log }),
  ...(note === undefined ? {} : { note }),
});
