import type { PlanStep } from '../model/plan.js';
import type { Outcome, StepResult } from '../model/remediation.js';
import { type ApplyContext, BEGIN_WITHIN_MS, type Known } from './apply-context.js';
import { putBack, type PutBack } from './put-back.js';
import { commandStep } from './run-command-step.js';
import { linkStep } from './run-link-step.js';
import { memberStep } from './run-member-step.js';
import { sqlStep } from './run-sql-step.js';
import { waitStep } from './run-wait-step.js';

/** How a step reads for the person who confirms it. */
export function stepWords(step: PlanStep): string {
  switch (step.kind) {
    case 'command':
      return commandStep.words(step);
    case 'link':
      return linkStep.words(step);
    case 'sql':
      return sqlStep.words(step);
    case 'member':
      return memberStep.words(step);
    case 'wait':
      return waitStep.words(step);
  }
}

/** Does what the plan says, in its order, each step once; stops at the first that is not done. */
export async function applyPlan(context: ApplyContext): Promise<Outcome> {
  const results: StepResult[] = [];
  for (const [step, each] of context.plan.steps.entries()) {
    context.onProgress(stepWords(each));
    const notAfter = step === 0 ? context.notAfter : new Date(Date.now() + BEGIN_WITHIN_MS);
    const result = await applyStep(each, step, { ...context, notAfter });
    results.push({ step, ...result });
    if (result.result !== 'done') break;
  }
  return outcomeOf(context.plan.steps, results, await putBack(context, results));
}

/**
 * What became of a plan whose worker went away. Bars what was not begun, and changes nothing but that a member which it
 * has taken out for a while goes back.
 */
export async function lookIntoPlan(context: ApplyContext): Promise<Outcome> {
  const results: StepResult[] = [];
  for (const [step, each] of context.plan.steps.entries()) {
    if (each.kind === 'wait') continue;
    results.push({ step, ...(await lookAtStep(each, step, context)) });
  }
  return outcomeOf(context.plan.steps, results, await putBack(context, results));
}

function applyStep(step: PlanStep, index: number, context: ApplyContext): Promise<Known> {
  switch (step.kind) {
    case 'command':
      return commandStep.apply(step, index, context);
    case 'link':
      return linkStep.apply(step, index, context);
    case 'sql':
      return sqlStep.apply(step, index, context);
    case 'member':
      return memberStep.apply(step, index, context);
    case 'wait':
      return waitStep.apply(step, index, context);
  }
}

function lookAtStep(
  step: Exclude<PlanStep, { kind: 'wait' }>,
  index: number,
  context: ApplyContext,
): Promise<Known> {
  switch (step.kind) {
    case 'command':
      return commandStep.look(step, index, context);
    case 'link':
      return linkStep.look(step, index, context);
    case 'sql':
      return sqlStep.look(step, index, context);
    case 'member':
      return memberStep.look(step, index, context);
  }
}

/** Waiting changes nothing, so it counts for nothing here: whether it helped is another question. */
export function outcomeOf(
  steps: readonly PlanStep[],
  results: readonly StepResult[],
  { words, left }: PutBack = { words: [], left: [] },
): Outcome {
  const resultAt = (index: number): StepResult['result'] =>
    results.find(({ step }) => step === index)?.result ?? 'not-done';
  const effects = steps.flatMap(({ kind }, index) => (kind === 'wait' ? [] : [resultAt(index)]));
  const told = results.filter(({ step }) => steps[step]?.kind !== 'wait' || resultAt(step) !== 'done');
  return {
    effect: effectOf(effects),
    words: [...told.map(({ detail }) => detail), ...words].join('; ').slice(0, 1_500),
    steps: [...results],
    figures: [],
    howToCheck: howToCheck(steps),
    ...(left.length === 0 ? {} : { drained: left }),
  };
}

function effectOf(effects: readonly StepResult['result'][]): Outcome['effect'] {
  if (effects.includes('unknown')) return 'unknown';
  if (effects.every((each) => each === 'done')) return 'done';
  if (effects.includes('done') || effects.includes('errored')) return 'partly';
  return effects.includes('failed') ? 'failed' : 'not-done';
}

/** For a human with a shell. */
function howToCheck(steps: readonly PlanStep[]): string | null {
  const lines = steps.flatMap((step) => {
    switch (step.kind) {
      case 'command':
        return step.expect === null
          ? [`on ${step.host}: ls -l ~/.diag503/actions /var/lib/diag503/actions`]
          : [`on ${step.host}: systemctl show -p InvocationID,ActiveEnterTimestamp ${step.expect.unit}`];
      case 'link':
        return [`on ${step.host}: readlink ${step.link}`];
      case 'member':
        return [`on ${step.host}: show servers state ${step.pool}`];
      case 'sql':
        return [
          "in the database: select pid, backend_start, state from pg_stat_activity where state like 'idle in%'",
        ];
      case 'wait':
        return [];
    }
  });
  return [...new Set(lines)].slice(0, 3).join('; ') || null;
}
