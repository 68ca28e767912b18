import type { Run } from '../../model/incident.js';
import { OURS } from './limits.js';
import { bold, code, line, mention, mrkdwn } from './mrkdwn.js';
import type { View } from './view.js';

/** Answers that only the asker sees. Each says what to do next. */
const answer = (text: string): View => ({ text, blocks: [{ type: 'section', text: mrkdwn(text) }] });

export function unknownService(typed: string, nearest: readonly string[]): View {
  const said = code(typed, OURS.name);
  const head = said === '' ? 'No service was named.' : `There is no service ${said}.`;
  const near = nearest.map((name) => code(name, OURS.name));
  const hint = near.length > 0 ? ` Nearest: ${near.join(', ')}.` : '';
  return answer(`${head}${hint} \`/diag503 list\` shows all of them.`);
}

export const unknownRun = (): View =>
  answer('This button belongs to a run that is no longer known. Type `/diag503 SERVICE` to look again.');

export const noSilence = (): View =>
  answer('There is nothing to silence any more: its headline says how it stands.');

export const notAccepted = (service: string, message: string): View =>
  answer(`${bold(service, OURS.name)}: ${line(message, OURS.summary)}`);

/** `where`: the thread's channel. */
export function alreadyLooking(run: Run, where: string): View {
  const { kind, user } = run.origin;
  const by = kind === 'alert' ? ', asked by an alert' : user === null ? '' : `, asked by ${mention(user)}`;
  return answer(
    `Already looking at ${bold(run.service, OURS.name)}${by}: see its thread in ${place(where)}.`,
  );
}

export const lookingHere = (service: string): View => answer(`Looking at ${bold(service, OURS.name)}.`);

export const threadElsewhere = (service: string, where: string): View =>
  answer(`Looking at ${bold(service, OURS.name)}: the thread is in ${place(where)}.`);

export const notAllowed = (reason: string): View =>
  answer(`diag503 cannot answer you here: ${line(reason, OURS.summary)}`);

export const notNow = (message: string): View => answer(line(message, OURS.summary));

export const wentWrong = (): View =>
  answer('Something went wrong inside diag503; its log says what. Try again in a minute.');

/** To the person who asked, when Slack does not let the answer into the channel. */
export const notPosted = (service: string, where: string, remedy: string): View =>
  answer(
    `The answer about ${bold(service, OURS.name)} could not be posted in ${place(where)}: ${line(remedy, OURS.summary)}`,
  );

const CHANNEL_ID = /^[CGD][A-Z0-9]{2,}$/;

/** A channel's id as a link that the reader's client names, a name as it is. */
function place(channel: string): string {
  return CHANNEL_ID.test(channel) && channel.length < 32
    ? `<#${channel}>`
    : line(channel.replace(/^#?/, '#'), OURS.name);
}
