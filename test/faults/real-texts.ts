import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { JsonObject } from '../../demo/slack/types.js';
import { actionIds } from '../../src/slack/action-ids.js';
import { offerChanges, press, watchThreads } from './change.js';
import { type CommandLog, openCommandLog } from './command-log.js';
import { CANARY } from './corpus.js';
import { CHANNEL, type Lane, openLane } from './lane.js';
import { untilTold } from './round.js';
import { obeyedIn } from './sinks.js';

/** Marks what came from outside, wherever it turns up again. */
const MARK = 'zq7outside';
/** Ours are of people and places that are named nowhere in the texts. */
const OURS = /^<@U0(?:ANA|PERSON\d)>?$|^<#C0OPSAPI>?$|^<!date\^\d+\^|^<!subteam\^S0OPS>?$/;

export type Sample = {
  sent: number;
  calls: number;
  programs: number;
  messages: number;
  quoted: number;
  wrongs: string[];
};

const SERVICES = 8;
const BASELINE = 4;
const AT_ONCE = 6;

/** A few hundred texts by signed HTTP, as hostile answers of services, and as output of the operator's command. */
export async function realTexts(texts: readonly string[]): Promise<Sample> {
  const foreign = texts.map(
    (text) => `${text.replaceAll(/\b([UCS]0)[A-Z]+/g, '$1EVIL').slice(0, 2_500)} ${MARK}`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-texts-'));
  let bodies: readonly string[] = [];
  const bodyOf = (service: string): string =>
    bodies[Number(service.slice(2)) % Math.max(1, bodies.length)] ?? 'failing';
  const log = openCommandLog(folder);
  const lane = await openLane({
    name: 'texts',
    redis: false,
    mode: 'http',
    services: SERVICES,
    path: log.bin,
    bodyOf,
  });
  const changes = await offerChanges(lane, lane.fresh(BASELINE));
  const unwatch = watchThreads(lane, changes);
  try {
    await Promise.all(changes.map((change) => press(lane, change)));
    await untilTold(lane, changes, 60_000);
    const grammar = new Set(log.calls().map(([name = '']) => name));
    bodies = foreign;
    const hostile = await offerChanges(lane, lane.fresh(SERVICES - BASELINE));
    changes.push(...hostile);
    for (const [index, { service }] of hostile.entries())
      lane.host.says(service, foreign.filter((_, place) => place % hostile.length === index).join('\n'));
    await Promise.all(hostile.map((change) => press(lane, change)));
    const limit = pLimit(AT_ONCE);
    await Promise.all(foreign.map((text) => limit(() => sendText(lane, text))));
    await untilTold(lane, changes, 60_000);
    await sleep(2_000);
    return { sent: foreign.length * 3, ...judge(lane, log, grammar) };
  } finally {
    unwatch();
    await lane.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a command, as the value of every button of ours, and as the name of who pressed. */
async function sendText(lane: Lane, text: string): Promise<void> {
  const { control, workspace } = lane.slack;
  workspace.users.get('U0ANA')!.name = text;
  await control.command('U0ANA', CHANNEL, `/diag503 ${text}`);
  const value = text.slice(0, 1_900);
  const button = (action_id: string): JsonObject => ({
    ...{ type: 'button', action_id, value, text: { type: 'plain_text', text: 'x' } },
  });
  const option = { text: { type: 'plain_text', text: 'x' }, value };
  const elements: JsonObject[] = [
    ...[
      actionIds.runAgain,
      actionIds.remediate,
      actionIds.approve,
      actionIds.deny,
      actionIds.keepDrained,
    ].map(button),
    { type: 'overflow', action_id: actionIds.more, options: [option] },
    { type: 'static_select', action_id: actionIds.pickService, options: [option] },
  ];
  const blocks = [{ type: 'actions', block_id: 'forged', elements }];
  const { ts } = workspace.addMessage({ channel: CHANNEL, user: workspace.app.botUserId, blocks });
  const { silence, ...others } = actionIds;
  const all = [...Object.values(others), ...Object.values(silence)];
  const actionId = all[text.length % all.length] ?? actionIds.remediate;
  await control.press({ user: 'U0ANA', channel: CHANNEL, ts, actionId, value });
  workspace.removeMessage({ channel: CHANNEL, ts });
}

function judge({ slack }: Lane, log: CommandLog, grammar: ReadonlySet<string>): Omit<Sample, 'sent'> {
  const calls = log.calls();
  const names = new Set(calls.map(([name = '']) => name));
  const messages = slack.control
    .messages(CHANNEL, 'U0ANA')
    .filter(({ user }) => user === slack.workspace.app.botUserId);
  const quoted = messages.filter(({ text, blocks }) =>
    `${text}${JSON.stringify(blocks)}`.includes(MARK),
  ).length;
  return {
    calls: calls.length,
    programs: names.size,
    messages: messages.length,
    quoted,
    wrongs: [
      ...(quoted === 0 ? ['no text from outside came through: nothing was tried'] : []),
      ...[...names].filter((name) => !grammar.has(name)).map((name) => `the host ran ${name}`),
      ...(names.has(CANARY) ? [`the host ran the canary`] : []),
      ...calls
        .filter((call) => call.some((word) => word.includes(MARK)))
        .map((call) => `outside text in a command: ${call.join(' ').slice(0, 200)}`),
      ...messages.flatMap(({ text, blocks }) =>
        obeyedIn({ text, blocks })
          .filter((token) => !OURS.test(token))
          .map((token) => `Slack would obey ${token} in ${text.slice(0, 100)}`),
      ),
    ],
  };
}
