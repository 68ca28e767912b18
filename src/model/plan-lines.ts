import type { Plan, PlanStep } from './plan.js';

/** Characters of a plan as they are sent, escaped for Slack and for JSON, that a message takes beside all that it says. */
const SHOWN_LETTERS = 8_000;
/** Slack's mrkdwn escapes these, as five characters at most. */
const ESCAPED = /[&<>]/g;

/** What an approver has to see before they agree to it: every step, and each of them whole. */
export const planLines = ({ steps }: Plan): string[] => steps.map(planLine);

export const canBeShown = (plan: Plan): boolean =>
  JSON.stringify(planLines(plan).join('\n').replace(ESCAPED, '&amp;')).length <= SHOWN_LETTERS;

function planLine(step: PlanStep): string {
  switch (step.kind) {
    case 'command':
      return `${step.host}$ ${step.asRoot ? '(as root) ' : ''}${step.argv.join(' ')}`;
    case 'link':
      return `${step.host}$ (as root) ${step.program}  # ${step.link}: from ${step.from} to ${step.to}`;
    case 'sql':
      return `database> ${step.text}`;
    case 'member':
      return `${step.host}> set server ${step.pool}/${step.member} state ${step.state}`;
    case 'wait':
      return `${step.member ?? step.host}: wait until ${step.until}, at most ${step.seconds} s`;
  }
}
