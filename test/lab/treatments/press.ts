import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../../demo/slack/types.js';
import { ANA, type Bench, CHANNEL, wordsOf } from '../../e2e/bench.js';
import { until } from '../../helpers/until.js';
import type { Lab } from '../lab.js';
import { publicUrl } from '../run-scenario.js';
import { untilUsersGet, untilWell } from '../wellness.js';
import type { Treatment } from './treatment.js';

type Ground = { lab: Lab; bench: Bench; treatment: Treatment };
export type Pressed = { lines: string[]; wrong: string[] };

const VERDICT_MS = 90_000;
const OUTCOME_MS = 300_000;

/** Fault, verdict, a press that must not go through, the press that must, and what users get then. */
export async function press(ground: Ground): Promise<Pressed> {
  const { lab, bench, treatment } = ground;
  const pressed: Pressed = { lines: [], wrong: [] };
  try {
    await treatment.inject(lab);
    const url = publicUrl(treatment.service);
    if (treatment.users.length > 0) await untilUsersGet(url, treatment.users);
    await sleep((treatment.settleSeconds ?? 2) * 1_000);
    if (treatment.meanwhile !== undefined) await holdsBack(ground, pressed);
    await mends(ground, pressed);
    await untilUsersGet(url, [200]);
    if (treatment.afterwards !== undefined)
      pressed.lines.push(`afterwards: ${await treatment.afterwards(lab, bench)}`);
  } catch (error) {
    pressed.wrong.push(error instanceof Error ? error.message : String(error));
  } finally {
    await treatment.heal(lab);
    await untilWell(lab);
  }
  return pressed;
}

async function holdsBack({ lab, bench, treatment }: Ground, pressed: Pressed): Promise<void> {
  const { meanwhile, remediation } = treatment;
  if (meanwhile === undefined) return;
  const card = await verdict(bench, treatment);
  await meanwhile.change(lab);
  const before = treatment.bystanders(lab);
  const told = await answerTo(bench, card, remediation);
  if (!meanwhile.told.test(told)) pressed.wrong.push(`${meanwhile.what}, and the press says: ${told}`);
  else pressed.lines.push(`holds back: ${meanwhile.what}: ${firstLine(told)}`);
  if (treatment.bystanders(lab) !== before) pressed.wrong.push(`${meanwhile.what}: others were touched`);
  await meanwhile.undo(lab);
  if (treatment.users.length > 0) await untilUsersGet(publicUrl(treatment.service), treatment.users);
}

async function mends({ lab, bench, treatment }: Ground, pressed: Pressed): Promise<void> {
  const card = await verdict(bench, treatment);
  const before = treatment.bystanders(lab);
  const start = Date.now();
  const told = await answerTo(bench, card, treatment.remediation);
  const seconds = ((Date.now() - start) / 1_000).toFixed(1);
  pressed.lines.push(`${seconds} s: ${told.slice(0, 700).replaceAll('\n', '\n    ')}`);
  if (!told.includes(' is back')) {
    pressed.wrong.push(`after the press: ${told}`);
    pressed.wrong.push(`the newest verdict: ${bench.cards().map(wordsOf).at(-1) ?? 'none'}`);
  }
  const after = treatment.bystanders(lab);
  if (after !== before) pressed.wrong.push(`others were touched:\n${before}\n->\n${after}`);
}

const LOOKS = 4;

/** What only some users meet a look may miss: then somebody looks again. */
async function verdict(bench: Bench, treatment: Treatment): Promise<Message> {
  for (let look = 1; ; look += 1) {
    const card = await newLook(bench, treatment);
    const isSeen = buttonsOf(card).some(({ label }) => LABELS[treatment.remediation].test(label));
    if (isSeen || treatment.users.length > 0 || look === LOOKS) return card;
  }
}

/** A new look, and its card. */
async function newLook(bench: Bench, { service }: Treatment): Promise<Message> {
  const known = new Set(bench.cards().map(({ ts }) => ts));
  await bench.command(service);
  const fresh = (): Message | undefined => bench.cards().find(({ ts }) => !known.has(ts));
  await until(`a verdict about ${service}`, () => fresh() !== undefined, VERDICT_MS);
  await bench.untilVerdicts(1, service, VERDICT_MS);
  return fresh() as Message;
}

/** Presses the button of this change, and waits for what becomes of it: in the thread, or in private. */
async function answerTo(bench: Bench, card: Message, kind: Treatment['remediation']): Promise<string> {
  const button = buttonsOf(card).find(({ label }) => LABELS[kind].test(label));
  if (button === undefined)
    throw new Error(
      `no button for ${kind}; the card says: ${wordsOf(card).slice(0, 600)} … ${buttonsOf(card)
        .map(({ label }) => label)
        .join(', ')}`,
    );
  const { control } = bench.slack;
  const private_ = (): string[] => bench.told(ANA);
  const toldBefore = private_().length;
  const thread = (): Message[] => control.thread(CHANNEL, card.threadTs ?? card.ts);
  const known = new Set(thread().map(({ ts }) => ts));
  await control.press({ user: ANA, channel: CHANNEL, ts: card.ts, actionId: button.actionId });
  const outcome = (): string | undefined =>
    private_()[toldBefore] ??
    thread()
      .filter(({ ts }) => !known.has(ts))
      .map((message) => textOf(message))
      .find((text) =>
        /is back|did not help|nothing was done|not done|had no effect|in part|and \*failed|not known\*/.test(
          text,
        ),
      );
  await until(`what became of ${kind}`, () => outcome() !== undefined, OUTCOME_MS);
  return outcome() as string;
}

const LABELS: Readonly<Record<Treatment['remediation'], RegExp>> = {
  'start-service': /^Start /,
  'restart-service': /^Restart /,
  'end-idle-sessions': /^End \d+ idle/,
  'restore-host': /^(Restore|Put) /,
  'drain-host': /^Drain /,
  'roll-back': /^Roll /,
  'reload-proxy': /^Reload /,
  'run-command': /^Delete old logs/,
};

type Button = { label: string; actionId: string };
const buttonsOf = ({ blocks }: Message): Button[] =>
  blocks
    .flatMap((block) => (Array.isArray(block['elements']) ? block['elements'] : []))
    .flatMap((element) => {
      const each = element as { type?: string; action_id?: string; text?: { text?: string } };
      return each.type === 'button' ? [{ label: each.text?.text ?? '', actionId: each.action_id ?? '' }] : [];
    });

const textOf = ({ text, blocks }: Message): string => {
  const parts = blocks.flatMap((block) => {
    const inner = block['text'];
    return typeof inner === 'object' && inner !== null && 'text' in inner ? [inner.text as string] : [];
  });
  return parts.length > 0 ? parts.join('\n') : text;
};
const firstLine = (text: string): string => text.split('\n')[0] ?? '';
