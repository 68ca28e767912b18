import { defineRemediation } from './define-remediation.js';
import { ownCommand } from './own-command.js';

/** What an operator wrote down for this cause. Never text from a message: only what the inventory names. */
export const runCommand = defineRemediation({
  id: 'run-command',
  title: 'Run a command',
  purpose: 'Runs a program that the inventory names for this cause, with exactly these arguments.',
  reads: {},

  draft(world) {
    const { causes = [], title } = world.rule;
    if (world.verdict.cause === null || !causes.includes(world.verdict.cause))
      return { fits: false, because: 'it is not for this cause' };
    const blastRadius = 'Every host, one after the other; stops at the first that fails.';
    return ownCommand(world, title ?? 'Run the command', world.service.hosts, blastRadius);
  },

  fingerprint: () => ({}),
});
