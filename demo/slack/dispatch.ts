import { setTimeout as sleep } from 'node:timers/promises';
import { findElement } from './elements.js';
import {
  commandPayload,
  eventPayload,
  messageActionPayload,
  viewActionPayload,
  viewPayload,
  type Choices,
} from './payloads.js';
import { applyAnswer, isAnswer, type ResponseUrls } from './response-url.js';
import { SLACKBOT } from './seed.js';
import type { Acknowledgement, Delivery } from './socket-mode.js';
import type { Triggers } from './triggers.js';
import {
  isObject,
  objectsOf,
  type Channel,
  type Json,
  type JsonObject,
  type Message,
  type User,
  type View,
} from './types.js';
import { addView, replaceView, topView } from './web-api/views.js';
import type { Workspace } from './workspace.js';

export type Deliver = (
  delivery: Delivery,
  retry?: { attempt: number; reason: string },
) => Promise<Acknowledgement>;
export type DeliveryRecord = Delivery & { at: number; tookMs: number; acknowledgement: Acknowledgement };

type Services = {
  workspace: Workspace;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  deliver: Deliver;
  baseUrl: () => string;
  /** Slack retries events at once, after a minute and after five */
  retryDelaysMs: number[];
};

export type Dispatch = ReturnType<typeof createDispatch>;

/** Brings what people do to the bot, and what the bot answers in its ack back to the people. */
export function createDispatch(services: Services) {
  const { workspace, triggers, responseUrls } = services;
  const records: DeliveryRecord[] = [];
  const origin = (user: User) => ({ workspace, user, triggerId: triggers.issue(user.id) });

  async function send(
    delivery: Delivery,
    retry?: { attempt: number; reason: string },
  ): Promise<Acknowledgement> {
    const at = Date.now();
    const acknowledgement = await services.deliver(delivery, retry);
    records.push({ ...delivery, at, tookMs: Date.now() - at, acknowledgement });
    return acknowledgement;
  }

  const tell = (user: User, channel: string, text: string, threadTs: string | null = null) =>
    void workspace.addMessage({ channel, user: SLACKBOT, text, threadTs, ephemeralFor: user.id });

  async function command(user: User, channel: Channel, line: string): Promise<Acknowledgement> {
    const [, name = '', text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
    const place = { channel: channel.id, user: user.id, source: null };
    const responseUrl = responseUrls.issue(services.baseUrl(), place);
    const payload = commandPayload(origin(user), { channel, command: name, text, responseUrl });
    const ack = await send({ type: 'slash_commands', payload });
    if (ack.kind === 'failed') tell(user, channel.id, `${name} failed with the error "${ack.error}"`);
    else if (isAnswer(ack.body)) applyAnswer(workspace, place, ack.body);
    return ack;
  }

  async function press(user: User, message: Message, target: Target): Promise<Acknowledgement> {
    const found = findElement(message.blocks, target.actionId, target.blockId);
    if (!found) throw new Error(`no element ${target.actionId} in message ${message.ts}`);
    const place = { channel: message.channel, user: user.id, source: message };
    const responseUrl = responseUrls.issue(services.baseUrl(), place);
    const payload = messageActionPayload(origin(user), { message, found, chosen: target.value, responseUrl });
    const ack = await send({ type: 'interactive', payload });
    if (ack.kind === 'failed') tellFailure(user, message, ack.error);
    return ack;
  }

  const tellFailure = (user: User, { channel, threadTs }: Message, error: string) =>
    tell(user, channel, `This app did not answer the click: "${error}"`, threadTs);

  async function pressInView(user: User, view: View, target: Target & { choices: Choices }) {
    const found = findElement(objectsOf(view.content['blocks']), target.actionId, target.blockId);
    if (!found) throw new Error(`no element ${target.actionId} in view ${view.id}`);
    const { choices, value: chosen } = target;
    const payload = viewActionPayload(origin(user), { view, found, chosen, choices });
    return send({ type: 'interactive', payload });
  }

  /** Errors by block id, when the bot refuses what was filled in. */
  async function submit(user: User, choices: Choices): Promise<{ errors: JsonObject }> {
    const view = topView(workspace, user.id);
    if (!view) throw new Error(`${user.name} has no modal open`);
    const ack = await send({
      type: 'interactive',
      payload: viewPayload(origin(user), { type: 'view_submission', view, choices }),
    });
    if (ack.kind === 'failed') return { errors: { '': `We had some trouble connecting: ${ack.error}` } };
    return followUp(view, isObject(ack.body) ? ack.body : {});
  }

  function followUp(view: View, answer: JsonObject): { errors: JsonObject } {
    const next: Json | undefined = answer['view'];
    const action = answer['response_action'];
    if (action === 'errors') return { errors: isObject(answer['errors']) ? answer['errors'] : {} };
    if (action === 'update' && isObject(next)) replaceView(workspace, view, next);
    else if (action === 'push' && isObject(next))
      addView(workspace, { user: view.user, content: next, previous: view });
    else remove(view, { whole: action === 'clear' });
    return { errors: {} };
  }

  async function closeView(user: User): Promise<void> {
    const view = topView(workspace, user.id);
    if (!view) return;
    remove(view, { whole: false });
    if (view.content['notify_on_close'] !== true) return;
    await send({
      type: 'interactive',
      payload: viewPayload(origin(user), { type: 'view_closed', view, choices: {} }),
    });
  }

  function remove(view: View, { whole }: { whole: boolean }) {
    for (const each of workspace.views.values()) {
      if (each.id === view.id || (whole && each.rootId === view.rootId)) workspace.views.delete(each.id);
    }
    workspace.changed();
  }

  /** Events are the one delivery that Slack repeats. */
  async function event(content: JsonObject): Promise<Acknowledgement> {
    const delivery: Delivery = { type: 'events_api', payload: eventPayload(workspace, content) };
    let ack = await send(delivery);
    for (const [index, delayMs] of services.retryDelaysMs.entries()) {
      if (ack.kind === 'acknowledged') break;
      const reason = ack.error === 'operation_timeout' ? 'http_timeout' : 'http_error';
      await sleep(delayMs);
      ack = await send(delivery, { attempt: index + 1, reason });
    }
    return ack;
  }

  /** The same delivery once more, as a duplicate or a replay would bring it. */
  async function redeliver(times = 1, retry?: { attempt: number; reason: string }) {
    const last = records.at(-1);
    if (!last) throw new Error('nothing was delivered yet');
    const { type, payload } = last;
    for (let count = 0; count < times; count += 1) await send({ type, payload }, retry);
  }

  return { command, press, pressInView, submit, closeView, event, redeliver, records };
}

type Target = { actionId: string; blockId?: string | undefined; value?: string | undefined };
