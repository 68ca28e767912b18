import type { Remediation } from '../../model/remediation.js';
import type { Role } from '../../model/service.js';
import { actionRow } from './action-row.js';
import { OURS } from './limits.js';
import { bold, code, line, mention, mrkdwn } from './mrkdwn.js';
import { remediateAction } from './remediation-actions.js';
import type { View } from './view.js';

/** Answers that only the person sees who pressed. */
const answer = (text: string): View => ({ text, blocks: [{ type: 'section', text: mrkdwn(text) }] });

/** A group is shown by its name and, in private, tells nobody. */
const GROUP = /^S[A-Z0-9]{2,30}$/;

export function notYours(
  { plan }: Remediation,
  reason: string,
  roles: readonly string[],
  known: ReadonlyMap<string, Role>,
): View {
  const named = roles.map((role) => `${code(role, OURS.name)} (${holders(known.get(role))})`);
  const who = named.length === 0 ? '' : ` It takes the role ${named.join(' or ')}.`;
  return answer(`${bold(plan.label, OURS.name)}: ${line(reason, OURS.summary)}${who} Nothing was done.`);
}

const MAX_HOLDERS = 8;

function holders(role: Role | undefined): string {
  if (role === undefined) return 'nobody has it';
  const groups = role.groups.flatMap((group) => (GROUP.test(group) ? [`<!subteam^${group}>`] : []));
  const all = [...role.users.map(mention), ...groups];
  const more = all.length > MAX_HOLDERS ? ` and ${all.length - MAX_HOLDERS} more` : '';
  return `${all.slice(0, MAX_HOLDERS).join(', ')}${more}`;
}

export const unknownRemediation = (): View =>
  answer('This button belongs to something that is no longer known. Type `/diag503 SERVICE` to look again.');

export const notPossible = ({ plan }: Remediation, why: string): View =>
  answer(`${bold(plan.label, OURS.name)}: ${line(why, OURS.summary)} Nothing was done by this press.`);

export const chosen = (remediation: Remediation): View => {
  const { plan } = remediation;
  const text = `${bold(plan.label, OURS.name)}: ${line(plan.effect, OURS.summary)}\n*Who feels it*: ${line(plan.blastRadius, OURS.summary)}`;
  return {
    text,
    blocks: [{ type: 'section', text: mrkdwn(text) }, ...actionRow([remediateAction(remediation)])],
  };
};

export const seeThread = ({ plan }: Remediation): View =>
  answer(`${bold(plan.label, OURS.name)}: see the thread.`);
