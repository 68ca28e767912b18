import type { PlanStep, StepOf } from '../model/plan.js';
import type { StepResult } from '../model/remediation.js';
import { type ApplyContext, BEGIN_WITHIN_MS, type Known } from './apply-context.js';
import { memberNow, memberStep } from './run-member-step.js';

type Drain = { step: StepOf<'member'>; index: number };

/** What a change has taken out of its pool: what it put back in words, and what is still out. */
export type PutBack = { words: string[]; left: string[] };

/** One entry of the ledger each: what was said to the balancer and got lost may be said again, but not for ever. */
const ATTEMPTS = [0, 1, 2] as const;

/** After a plan that ended early: what it meant to put back is put back. What it meant to leave out stays out. */
export async function putBack(context: ApplyContext, results: readonly StepResult[]): Promise<PutBack> {
  const { steps } = context.plan;
  const found: PutBack = { words: [], left: [] };
  for (const drain of drainsOf(steps)) {
    if (!mayBeOut(drain, steps, results)) continue;
    const { member } = drain.step;
    if (readyAfter(drain, steps) === -1) found.left.push(member);
    else add(found, member, await restore(drain, context));
  }
  return found;
}

/** At the deadline: everything that it has taken out and that is still out. */
export async function putBackAll(context: ApplyContext): Promise<PutBack> {
  const found: PutBack = { words: [], left: [] };
  for (const drain of drainsOf(context.plan.steps)) {
    const { host, member } = drain.step;
    if ((await memberStep.look(drain.step, drain.index, context)).result === 'not-done') continue;
    const now = await memberNow(host, member, context);
    if (now === null) add(found, member, { result: 'unknown', detail: `${member} could not be looked at` });
    else if (now.status.startsWith('DRAIN')) add(found, member, await restore(drain, context));
  }
  return found;
}

const drainsOf = (steps: readonly PlanStep[]): Drain[] =>
  steps.flatMap((step, index) => (step.kind === 'member' && step.state === 'drain' ? [{ step, index }] : []));

const readyAfter = ({ step, index }: Drain, steps: readonly PlanStep[]): number =>
  steps.findIndex(
    (each, place) =>
      place > index && each.kind === 'member' && each.state === 'ready' && each.member === step.member,
  );

function mayBeOut(drain: Drain, steps: readonly PlanStep[], results: readonly StepResult[]): boolean {
  const resultAt = (index: number) => results.find(({ step }) => step === index)?.result ?? 'not-done';
  const wentOut = ['done', 'unknown'].includes(resultAt(drain.index));
  return wentOut && resultAt(readyAfter(drain, steps)) !== 'done';
}

/** Also where this worker is stopping: it is the end of what it has begun. */
async function restore({ step, index }: Drain, context: ApplyContext): Promise<Known> {
  const ready = { ...step, state: 'ready' as const };
  let last: Known = { result: 'unknown', detail: '' };
  for (const attempt of ATTEMPTS) {
    const place = `${index}-back-${attempt}` as const;
    const notAfter = new Date(Date.now() + BEGIN_WITHIN_MS);
    const fresh = { ...context, notAfter, signal: new AbortController().signal };
    last = await memberStep.apply(ready, place, fresh);
    if (last.result === 'unknown') last = await memberStep.look(ready, place, fresh);
    if (last.result === 'done') return last;
  }
  return last;
}

function add({ words, left }: PutBack, member: string, { result, detail }: Known): void {
  words.push(result === 'done' ? `${member} was put back` : `${member} is still drained: ${detail}`);
  if (result !== 'done') left.push(member);
}
