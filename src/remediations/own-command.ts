import type { PlanStep } from '../model/plan.js';
import type { Draft } from './define-remediation.js';
import type { World } from './world.js';

/** The operator's own words from the inventory, on each of these hosts in turn. */
export function ownCommand(
  { service, rule }: World,
  label: string,
  hosts: readonly string[],
  blastRadius: string,
): Draft {
  const { command, effect } = rule;
  if (command === undefined || effect === undefined)
    return { fits: false, because: 'the inventory names no command for it' };
  const steps = hosts.map((host): PlanStep => ({
    ...{ kind: 'command', host, argv: command, asRoot: true, expect: null },
  }));
  return {
    fits: true,
    plan: {
      ...{ label: label.slice(0, 75), target: { kind: 'service', name: service.name }, steps, effect },
      blastRadius,
      undo: rule.undo ?? null,
    },
  };
}
