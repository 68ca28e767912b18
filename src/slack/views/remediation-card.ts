import type { ActionsBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { Plan } from '../../model/plan.js';
import { canBeShown, planLines } from '../../model/plan-lines.js';
import type { Approval, Outcome, Remediation, RemediationState } from '../../model/remediation.js';
import { actionIds } from '../action-ids.js';
import { actionRow } from './action-row.js';
import { OURS } from './limits.js';
import { bold, codeBlock, line, literal, literalParts, mention, mrkdwn } from './mrkdwn.js';
import { confirmation, dialogText } from './remediation-actions.js';
import type { View } from './view.js';

/** What a change is about and what became of it: one message, which edits itself. */
export function remediationCard(remediation: Remediation, approvals: readonly Approval[]): View {
  const text = headOf(remediation, approvals);
  const blocks: KnownBlock[] = [
    section(text),
    ...details(remediation),
    ...approvalButtons(remediation),
    ...keepOut(remediation),
  ];
  return { text, blocks };
}

type Words = { what: string; by: string; loud: string; name: string };
type Head = (words: Words, remediation: Remediation, approvals: readonly Approval[]) => string;

function headOf(remediation: Remediation, approvals: readonly Approval[]): string {
  const { plan, service, requestedBy, state, reason } = remediation;
  const words = {
    what: bold(plan.label, OURS.name),
    by: requestedBy === null ? '' : ` by ${mention(requestedBy)}`,
    loud: reason === null ? '' : ` *without approval*, because: ${line(reason, OURS.text)}`,
    name: bold(service, OURS.name),
  };
  return HEADS[state](words, remediation, approvals);
}

/** For each state its first line. */
const HEADS: Readonly<Record<RemediationState, Head>> = {
  offered: ({ what }) => `${what}: offered`,
  requested: ({ what, by, loud }, remediation, approvals) =>
    remediation.approvalsNeeded === 0
      ? `${what} asked for${by}${loud}: about to begin`
      : `${what} asked for${by}: ${waiting(remediation, approvals)}`,
  approved: ({ what, by, loud }, { reason }, approvals) =>
    reason === null
      ? `${what} asked for${by}, approved by ${approvers(approvals)}: about to begin`
      : `${what} asked for${by}${loud}: about to begin`,
  running: ({ what, by, loud }, { outcome, progress }) =>
    outcome === null
      ? `${what}${by}${loud}: ${line(progress ?? 'begun', OURS.text)}`
      : `${what}${by}: done; looking whether it helped`,
  verified: ({ what, by, loud, name }, { progress }) =>
    progress === 'relapsed'
      ? `${what}${by} helped ${name} only for a while: *it is failing again*. The root is elsewhere; see the new look below.`
      : `${name} is back: ${what}${by}${loud}`,
  ineffective: ({ what, by, name }) =>
    `${what}${by} *did not help*: ${name} still has trouble; see the new look below for the next step.`,
  failed: ({ what, by }, { outcome }) => `${what}${by} ${FAILED[outcome?.effect ?? 'not-done']}`,
  unknown: ({ what, by }, { finishedAt, outcome, progress }) => {
    if (finishedAt === null) {
      const found = progress === null ? '' : ` So far: ${line(progress, OURS.text)}`;
      return `${what}${by}: what became of it is not known yet. Looking into it; it is not begun again.${found}`;
    }
    const isDone = outcome?.effect === 'done' || outcome?.effect === 'partly';
    const open = isDone ? `whether it helped is *not known*` : 'it is *not known* whether it was done';
    return `${what}${by}: ${open}. Please look yourself.`;
  },
  refused: ({ what, by }, { progress }) =>
    `${what}${by}: nothing was done, ${line(progress ?? 'it was refused', OURS.text)}`,
  expired: ({ what, by }, { progress }) =>
    `${what}${by}: nothing was done, ${line(progress ?? 'it came too late', OURS.text)}`,
};

/** What began is never told as if nothing had happened. */
const FAILED: Readonly<Record<Outcome['effect'], string>> = {
  'not-done': 'was *not done*',
  failed: 'was begun and *had no effect*',
  partly: 'was done *only in part*: what is known of it is below',
  done: 'was done and *failed*',
  unknown: 'was begun, and *what became of it is not known*',
};

function waiting({ approvalsNeeded }: Remediation, approvals: readonly Approval[]): string {
  const yes = approvals.filter(({ answer }) => answer === 'approved');
  const have = yes.length === 0 ? '' : `, approved by ${approvers(approvals)}`;
  return `waits for ${approvalsNeeded - yes.length} more approval by somebody else${have}`;
}

const approvers = (approvals: readonly Approval[]): string =>
  approvals
    .filter(({ answer }) => answer === 'approved')
    .map(({ approver }) => mention(approver))
    .join(', ');

/** Before it is over the exact plan, afterwards what became of it. */
function details(remediation: Remediation): SectionBlock[] {
  const { outcome, state } = remediation;
  if (outcome !== null && state !== 'running') return outcomeSections(outcome, remediation);
  if (state !== 'requested' && state !== 'approved') return [];
  const { plan } = remediation;
  const { effect, blastRadius, undo } = plan;
  const words = [
    line(effect, OURS.summary),
    `*Who feels it*: ${line(blastRadius, OURS.summary)}`,
    `*Undo*: ${undo === null ? 'not possible' : line(undo, OURS.text)}`,
  ];
  return [section(words.join('\n')), ...planSections(plan)];
}

/** Whole where it fits; else its beginning, and that there is more. */
function planSections(plan: Plan): SectionBlock[] {
  const parts = literalParts(planLines(plan).join('\n'), OURS.planPart);
  const sections = parts.map((part) => section(codeBlock(part)));
  return canBeShown(plan)
    ? sections
    : [...sections.slice(0, 1), section('The plan is longer than a message can show.')];
}

function outcomeSections(outcome: Outcome, { state }: Remediation): SectionBlock[] {
  const check = outcome.howToCheck;
  const words = [
    line(outcome.words, OURS.outcome),
    ...(outcome.figures.length === 0 ? [] : [table(outcome)]),
    ...(state === 'unknown' && check !== null ? [codeBlock(literal(check, OURS.check))] : []),
  ].filter((each) => each !== '');
  return words.length === 0 ? [] : [section(words.join('\n'))];
}

/** Letters of one width, so that the columns stand below each other. */
function table({ figures }: Outcome): string {
  const rows = [{ name: '', before: 'before', after: 'after' }, ...figures].map(({ name, before, after }) =>
    [name, before, after].map((cell) => cell.slice(0, OURS.figure)),
  );
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  );
  return codeBlock(literal(lines.join('\n'), OURS.table));
}

/** Nobody approves what they cannot see whole. */
const approvalButtons = (remediation: Remediation): ActionsBlock[] => {
  const { id, plan, planDigest, state, approvalsNeeded, breakGlass } = remediation;
  if (state !== 'requested' || approvalsNeeded === 0 || !canBeShown(plan)) return [];
  const value = `${id} ${planDigest}`;
  const confirm = confirmation(plan.label, dialogText(plan), 'Approve');
  return actionRow([
    { label: 'Approve', actionId: actionIds.approve, value, style: 'primary', confirm },
    { label: 'Deny', actionId: actionIds.deny, value },
    ...(breakGlass ? [{ label: 'Go without approval', actionId: actionIds.breakGlass, value: id }] : []),
  ]);
};

/** What is out of its pool goes back by itself; whoever knows better says so. */
function keepOut(remediation: Remediation): (SectionBlock | ActionsBlock)[] {
  const { id, outcome, state, restoreAt, finishedAt } = remediation;
  const { drained = [] } = outcome ?? {};
  if (restoreAt === null) return drained.length === 0 ? [] : whatBecameOf(remediation);
  if (finishedAt === null || state === 'requested') return [];
  const names = drained.length === 0 ? 'What it has drained' : drained.join(', ');
  const text = `${line(names, OURS.text)} goes back into the pool by itself at ${restoreAt.slice(11, 16)} UTC.`;
  const confirm = confirmation(
    'Keep it out of the pool',
    `${names} stays out until somebody puts it back.`,
    'Keep it out',
  );
  return [
    section(text),
    ...actionRow([{ label: 'Keep it out', actionId: actionIds.keepDrained, value: id, confirm }]),
  ];
}

/** What went back by itself, or who keeps it out: else the thread would promise for ever what has long happened. */
const whatBecameOf = ({ state, progress }: Remediation): SectionBlock[] =>
  progress === null || progress === 'relapsed' || !['verified', 'ineffective', 'failed'].includes(state)
    ? []
    : [section(line(progress, OURS.text))];

const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });
