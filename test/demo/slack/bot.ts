import { App, ExpressReceiver, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../../demo/slack/server.js';

const quiet = { logLevel: LogLevel.ERROR };

/** A client that fails at once, so that a test sees each answer. */
export const clientOf = ({ botToken, apiUrl }: LocalSlack, options = {}) =>
  new WebClient(botToken, { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, ...quiet, ...options });

export type Bot = { app: App; mode: string; stop: () => Promise<unknown> };

export async function startSocketBot(slack: LocalSlack): Promise<Bot> {
  const { botToken: token, appToken, apiUrl } = slack;
  const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 } };
  const app = new App({ token, appToken, socketMode: true, clientOptions, ...quiet });
  teach(app);
  await app.start();
  return { app, mode: 'socket', stop: () => app.stop() };
}

export async function startHttpBot(slack: LocalSlack): Promise<Bot> {
  const { botToken: token, signingSecret, apiUrl } = slack;
  const receiver = new ExpressReceiver({ signingSecret, ...quiet });
  const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 } };
  const app = new App({ token, receiver, clientOptions, ...quiet });
  teach(app);
  const server = await receiver.start(0);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  return {
    app,
    mode: 'http',
    stop: () => {
      slack.setRequestUrl(null);
      return receiver.stop();
    },
  };
}

const modal = {
  type: 'modal' as const,
  callback_id: 'ask',
  title: { type: 'plain_text' as const, text: 'Which service' },
  submit: { type: 'plain_text' as const, text: 'Diagnose' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'service',
      label: { type: 'plain_text' as const, text: 'Service' },
      element: {
        type: 'static_select' as const,
        action_id: 'service',
        options: ['api-prod', 'shop'].map((value) => ({
          text: { type: 'plain_text' as const, text: value },
          value,
        })),
      },
    },
    {
      type: 'input' as const,
      block_id: 'why',
      optional: true,
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'why' },
    },
  ],
};

/** A small bot with one of each: command, thread, button, menu, modal, ephemeral answer. */
function teach(app: App): void {
  app.command('/diag503', async ({ ack, command, client, respond }) => {
    if (command.text === 'silent') return;
    await ack();
    if (command.text === '') {
      await client.views.open({ trigger_id: command.trigger_id, view: modal });
      return;
    }
    const posted = await client.chat.postMessage({
      channel: command.channel_id,
      text: `looking at ${command.text}`,
    });
    const ts = posted.ts ?? '';
    const text = `*${command.text}* answers 503`;
    const reply = [
      {
        type: 'section' as const,
        text: { type: 'mrkdwn' as const, text: `<@${command.user_id}> \`a &amp;&amp; b\`` },
      },
      {
        type: 'actions' as const,
        elements: [
          {
            type: 'button' as const,
            action_id: 'again',
            value: command.text,
            text: { type: 'plain_text' as const, text: 'Run again' },
          },
          {
            type: 'button' as const,
            action_id: 'end',
            style: 'danger' as const,
            text: { type: 'plain_text' as const, text: 'End sessions' },
            confirm: {
              title: { type: 'plain_text' as const, text: 'End 61 sessions?' },
              text: { type: 'mrkdwn' as const, text: 'They are idle.' },
              confirm: { type: 'plain_text' as const, text: 'End them' },
              deny: { type: 'plain_text' as const, text: 'Cancel' },
            },
          },
          {
            type: 'overflow' as const,
            action_id: 'more',
            options: [{ text: { type: 'plain_text' as const, text: 'Details' }, value: 'details' }],
          },
        ],
      },
    ];
    await client.chat.update({ channel: command.channel_id, ts, text });
    await client.chat.postMessage({
      channel: command.channel_id,
      thread_ts: ts,
      text: 'verdict',
      blocks: reply,
    });
    await respond(`asked for ${command.text}`);
  });
  app.action('again', async ({ ack, action, respond }) => {
    await ack();
    const value = 'value' in action ? action.value : '';
    await respond({ text: `again: ${value}`, response_type: 'ephemeral', replace_original: false });
  });
  app.action('end', async ({ ack, respond }) => {
    await ack();
    await respond({ text: 'ended', replace_original: false });
  });
  app.action('more', async ({ ack, action, respond }) => {
    await ack();
    const chosen = 'selected_option' in action ? action.selected_option?.value : '';
    await respond({ text: `more: ${chosen}`, replace_original: false });
  });
  app.view('ask', async ({ ack, view, client, body }) => {
    const service = view.state.values['service']?.['service']?.selected_option?.value;
    const why = view.state.values['why']?.['why']?.value;
    if (!service) {
      await ack({ response_action: 'errors', errors: { service: 'Choose one' } });
      return;
    }
    await ack();
    await client.chat.postMessage({
      channel: 'C0OPSAPI',
      text: `${service} for ${body.user.name}: ${why ?? ''}`,
    });
  });
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({ channel: event.channel, text: 'you called', thread_ts: event.ts });
  });
}
