import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Message } from '../../demo/slack/types.js';
import { CHANNEL, type Lane } from './lane.js';
import type { Phase } from './moments.js';
import { labelOf } from './sick-services.js';
import { isTrue, type Told, toldIn } from './told.js';

/** One button of one service, and all that is seen of it from outside. */
export type Change = {
  readonly service: string;
  readonly id: string;
  /** The fault that it met: counted in this row. */
  phase: string | null;
  faultAt: number;
  /** The thread says that it is looked into. */
  lookedIntoAt: number | null;
  told: Told | null;
  toldAt: number;
};

/** What has no button by then is left out: how fast a verdict comes is measured elsewhere. */
const OFFERED_WITHIN_MS = 180_000;
/** Bot or worker may be busy with the last fault: a person would ask again as well. */
const ASK_AGAIN_MS = 25_000;
const Offer = z.object({ id: z.string(), service: z.string() });

/** Asks about these services until each has its button. */
export async function offerChanges(lane: Lane, services: readonly string[]): Promise<Change[]> {
  const offers = async () =>
    z
      .array(Offer)
      .parse(
        await ask(
          lane,
          `SELECT id::text, service FROM diag503.remediation WHERE service = ANY($1) AND state = 'offered'`,
          [services],
        ),
      );
  const isShown = (id: string): boolean => cardOf(lane, id) !== undefined;
  const deadline = Date.now() + OFFERED_WITHIN_MS;
  let missing = [...services];
  while (missing.length > 0 && Date.now() < deadline) {
    for (const service of missing) await lane.slack.control.command('U0ANA', CHANNEL, `/diag503 ${service}`);
    const askedAgainAt = Date.now() + ASK_AGAIN_MS;
    while (missing.length > 0 && Date.now() < askedAgainAt) {
      await sleep(250);
      const shown = (await offers()).filter(({ id }) => isShown(id)).map(({ service }) => service);
      missing = services.filter((service) => !shown.includes(service));
    }
  }
  if (missing.length === services.length)
    throw new Error(`${lane.name}: no button for ${missing.join(', ')}`);
  if (missing.length > 0) console.log(`${lane.name}: no button in time for ${missing.join(', ')}`);
  const found = (await offers()).filter(({ service }) => !missing.includes(service));
  return found.map(({ id, service }) => ({
    ...{ id, service, phase: null, faultAt: 0, lookedIntoAt: null, told: null, toldAt: 0 },
  }));
}

const ASK_AGAIN_AFTER_MS = 1_000;
const ASK_TIMES = 30;

/** We only look: on a machine that is busy with what we do to it the database may have no time for us at once. */
async function ask({ database }: Lane, text: string, values: unknown[]): Promise<unknown[]> {
  for (let time = 1; ; time += 1) {
    try {
      return await database.query(text, values);
    } catch (error) {
      if (time === ASK_TIMES) throw error;
      await sleep(ASK_AGAIN_AFTER_MS);
    }
  }
}

const wordsOf = ({ text, blocks }: Message): string => `${text} ${JSON.stringify(blocks)}`;
const cardOf = ({ slack }: Lane, id: string): Message | undefined =>
  slack.control.messages(CHANNEL).findLast((message) => wordsOf(message).includes(`"value":"${id}"`));

export async function press(lane: Lane, { id }: Change, user = 'U0ANA'): Promise<void> {
  const card = cardOf(lane, id);
  if (card === undefined) return; // somebody's press has taken the button away
  const { ts } = card;
  await lane.slack.control.press({ user, channel: CHANNEL, ts, actionId: 'remediate' });
}

/** The messages of the thread that speak of this change: one, if nothing is posted twice. */
export const messagesAbout = ({ slack }: Lane, { service }: Change): Message[] =>
  slack.control
    .messages(CHANNEL)
    .filter(({ text, threadTs }) => threadTs !== null && text.includes(labelOf(service)));

/** Reads the thread as a person would, for as long as the lane lives. */
export function watchThreads(lane: Lane, changes: readonly Change[]): () => void {
  const timer = setInterval(() => {
    for (const change of changes) if (change.told === null) readThread(lane, change);
  }, 250);
  return () => clearInterval(timer);
}

function readThread(lane: Lane, change: Change): void {
  const told = messagesAbout(lane, change)
    .map(({ text }) => toldIn(text))
    .find((each) => each !== null);
  if (told === undefined) return;
  if (told === 'not known yet') change.lookedIntoAt ??= Date.now();
  else Object.assign(change, { told, toldAt: Date.now() });
}

const Row = z.object({ state: z.string(), hasOutcome: z.boolean(), isFinished: z.boolean() });
export type Evidence = { ledger: string[]; effects: number; row: z.infer<typeof Row> | null };

/** What ledger and effect file show now, and what the row shows as soon as it can be read. */
export async function evidenceOf(lane: Lane, { id, service }: Change): Promise<Evidence> {
  const { host } = lane;
  const entry = path.join(host.ledger, `${id}-0`);
  const ledger = ['', 'started', 'go', 'code', 'outcome'].filter((file) =>
    existsSync(path.join(entry, file)),
  );
  const effects = host.effectsOf(service);
  const [row] = z.array(Row).parse(
    await ask(
      lane,
      `SELECT state, outcome IS NOT NULL AS "hasOutcome", finished_at IS NOT NULL AS "isFinished"
       FROM diag503.remediation WHERE id = $1`,
      [id],
    ),
  );
  return { ledger, effects, row: row ?? null };
}

/** The bot has taken it on: from then on the thread owes an end. Also what it refuses later was taken on. */
export async function isTaken(lane: Lane, { id }: Change): Promise<boolean> {
  const where = 'id = $1 AND requested_by IS NOT NULL';
  return (await ask(lane, `SELECT id FROM diag503.remediation WHERE ${where}`, [id])).length > 0;
}

/** The class of a kill, by what it left behind. Null: it came too late to hit anything. */
export function phaseOf({ ledger, row }: Evidence, isToldAlready: boolean): Phase | null {
  if (row === null || isToldAlready) return null;
  if (row.isFinished) return 'before post';
  if (row.hasOutcome) return 'before verify';
  if (ledger.includes('outcome')) return 'before record';
  if (ledger.includes('code')) return 'after effect';
  if (ledger.includes('go')) return 'during effect';
  if (ledger.includes('')) return 'after ledger';
  return row.state === 'running' ? 'before ledger' : 'before start';
}

/** From the fault until the thread said what became of it, or that nobody can know. */
export function toldAfterMs({ faultAt, told, toldAt, lookedIntoAt }: Change): number {
  return (told === 'unknown' ? (lookedIntoAt ?? toldAt) : toldAt) - faultAt;
}

export const brokenPromises = (lane: Lane, change: Change): string[] => {
  const effects = lane.host.effectsOf(change.service);
  const messages = messagesAbout(lane, change);
  const about = `${change.service} (${String(change.phase)})`;
  return [
    ...(effects > 1 ? [`${about}: ${effects} effects`] : []),
    ...(change.told === null ? [`${about}: the thread never said what became of it`] : []),
    ...(change.told !== null && !isTrue(change.told, effects)
      ? [`${about}: told "${change.told}", and there are ${effects} effects`]
      : []),
    ...(messages.length > 1
      ? [
          `${about}: ${messages.length} messages about one change: ${messages.map(({ text }) => text).join(' / ')}`,
        ]
      : []),
  ];
};
