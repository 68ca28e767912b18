import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import pLimit from 'p-limit';
import type { ApprovalResult, RequestAnswer } from '../../queue/request-remediation.js';
import { actionIds, anyNumberOf } from '../action-ids.js';
import { notPossible } from '../views/remediation-answers.js';
import type { View } from '../views/view.js';
import { answer } from './answer.js';
import { ifAllowed, whoPressed } from './if-allowed.js';
import type { ChangeNeeds, ListenerNeeds } from './needs.js';

/**
 * Fifty people press when it burns, and each press asks the database several times: those that wait here do not take
 * its connections from those that are further on.
 */
const AT_ONCE = 5;

/** The buttons that change something. Each holds the id of a row; what it does is read from there and never from Slack. */
export function registerRemediate(app: App, needs: ListenerNeeds): void {
  const { changes } = needs;
  if (changes === undefined) return;
  const atOnce = pLimit(AT_ONCE);
  const on = (
    actionId: string,
    work: (action: ButtonAction, body: BlockAction) => Promise<View | null>,
  ): void =>
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: anyNumberOf(actionId) },
      ({ action, body, respond }) =>
        answer({ respond, log: needs.log }, () => atOnce(() => work(action, body))),
    );
  on(actionIds.remediate, (action, body) => request(needs, changes, action.value, body));
  on(actionIds.approve, (action, body) => decide(needs, changes, action.value, body, 'approved'));
  on(actionIds.keepDrained, (action, body) => keep(needs, changes, action.value, body));
  on(actionIds.deny, (action, body) => decide(needs, changes, action.value, body, 'denied'));
}

/** Null: the thread says the rest. */
async function request(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  value: string | undefined,
  body: BlockAction,
): Promise<View | null> {
  const by = whoPressed(body);
  return ifAllowed(needs, changes, { value, by, act: 'request' }, async (remediation, role) => {
    const requested = await changes.requests.request({ remediation, role, ...by });
    return requested.kind === 'requested' ? null : notPossible(remediation, whyNotRequested(requested));
  });
}

function whyNotRequested(requested: Exclude<RequestAnswer, { kind: 'requested' }>): string {
  switch (requested.kind) {
    case 'unheard-of':
      return 'it is no longer known. Run again first.';
    case 'gone':
      return 'somebody was faster, see the thread.';
    case 'expired':
      return 'the button is too old, the world may be another one. Run again first.';
    case 'edited':
      return 'the inventory was edited since this verdict. Run again first.';
    case 'busy':
      return `first "${requested.other.plan.label}" has to come to its end.`;
    case 'limited':
      return `${requested.reason}.`;
    case 'not-queued':
      return `${requested.what} is not answering. Try again in a minute.`;
  }
}

/** Whoever may ask for the change may also let it stand. */
async function keep(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  value: string | undefined,
  body: BlockAction,
): Promise<View | null> {
  const by = whoPressed(body);
  return ifAllowed(needs, changes, { value, by, act: 'request' }, async (remediation) => {
    const isKept = await changes.requests.keep(remediation.id, by.user);
    return isKept ? null : notPossible(remediation, 'it is not waiting to go back any more.');
  });
}

async function decide(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  value: string | undefined,
  body: BlockAction,
  given: 'approved' | 'denied',
): Promise<View | null> {
  const by = whoPressed(body);
  const [id, planDigest = ''] = (value ?? '').split(' ');
  return ifAllowed(needs, changes, { value: id, by, act: 'approve' }, async (remediation, role) => {
    const answered = await changes.requests.answer({
      ...{ id: remediation.id, user: by.user, role, answer: given, planDigest },
    });
    const why = whyNotAnswered(answered);
    return why === null ? null : notPossible(remediation, why);
  });
}

function whyNotAnswered(answered: ApprovalResult): string | null {
  switch (answered.kind) {
    case 'ready':
    case 'waiting':
    case 'denied':
      return null;
    case 'unheard-of':
      return 'it is no longer known. Run again first.';
    case 'own-request':
      return 'it takes somebody else than the one who asked for it.';
    case 'second-answer':
      return 'you have answered already.';
    case 'other-plan':
      return 'this is not the plan that was asked for: ask for the change again.';
    case 'over':
      return 'it is not waiting for approval any more. Run again to see what may be done now.';
    case 'not-queued':
      return `${answered.what} is not answering. Ask for it again in a minute.`;
  }
}
