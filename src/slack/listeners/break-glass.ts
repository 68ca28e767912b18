import type { App, BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { BreakGlassResult } from '../../queue/request-remediation.js';
import { actionIds, blockIds, viewIds } from '../action-ids.js';
import { breakGlassForm } from '../views/break-glass-form.js';
import { notPossible } from '../views/remediation-answers.js';
import type { View } from '../views/view.js';
import { answer, type Respond } from './answer.js';
import { ifAllowed, whoPressed } from './if-allowed.js';
import type { ChangeNeeds, ListenerNeeds } from './needs.js';

/** Nobody is there to approve: whoever may ask writes down why it cannot wait. The right is asked twice, at the press and with the reason. */
export function registerBreakGlass(app: App, needs: ListenerNeeds): void {
  const { changes } = needs;
  if (changes === undefined) return;
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: actionIds.breakGlass },
    ({ action, body, client, respond }) =>
      answer({ respond, log: needs.log }, () => openForm(needs, changes, action.value, body, client)),
  );
  app.view<ViewSubmitAction>(viewIds.breakGlass, async ({ body, view, client }) => {
    const about = About.parse(JSON.parse(view.private_metadata));
    const reason = view.state.values[blockIds.reason]?.[actionIds.breakGlass]?.value ?? '';
    const respond = inChannel(client, about.channel, body.user.id);
    await answer({ respond, log: needs.log }, () =>
      submit(needs, changes, { ...about, reason, user: body.user.id }),
    );
  });
}

/** What our own form carries; Slack signs it with the rest. */
const About = z.object({ id: z.uuid(), planDigest: z.string(), channel: z.string() });

async function openForm(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  value: string | undefined,
  body: BlockAction,
  client: WebClient,
): Promise<View | null> {
  const by = whoPressed(body);
  return ifAllowed(needs, changes, { value, by, act: 'break-glass' }, async (remediation) => {
    const view = breakGlassForm(remediation, by.channel);
    try {
      await client.views.open({ trigger_id: body.trigger_id, view });
      return null;
    } catch (error) {
      needs.log.warn({ err: error, remediation: remediation.id }, 'the form for a reason did not open');
      return notPossible(remediation, 'Slack did not open the form. Press again.');
    }
  });
}

type Submitted = z.infer<typeof About> & { user: string; reason: string };

async function submit(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  { user, channel, ...about }: Submitted,
): Promise<View | null> {
  const by = { user, channel };
  return ifAllowed(needs, changes, { value: about.id, by, act: 'break-glass' }, async (remediation, role) => {
    const broken = await changes.requests.breakGlass({ ...about, user, channel, role });
    const why = whyNot(broken);
    return why === null ? null : notPossible(remediation, why);
  });
}

function whyNot(broken: BreakGlassResult): string | null {
  switch (broken.kind) {
    case 'ready':
      return null;
    case 'over':
      return 'it is not waiting for approval any more. Run again to see what may be done now.';
    case 'unheard-of':
      return 'it is no longer known. Run again first.';
    case 'not-queued':
      return `${broken.what} is not answering. Ask for it again in a minute.`;
  }
}

/** A form has no channel of its own to answer in. */
const inChannel =
  (client: WebClient, channel: string, user: string): Respond =>
  ({ text, blocks }) =>
    client.chat.postEphemeral({ channel, user, text, blocks });
