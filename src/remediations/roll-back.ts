import { release } from '../probes/release.js';
import { unitState } from '../probes/unit-state.js';
import { defineRemediation } from './define-remediation.js';
import { ownCommand } from './own-command.js';
import { releaseFingerprint, unreadOn } from './unit-steps.js';

/** Back to the release that worked, by the operator's own command. */
export const rollBack = defineRemediation({
  id: 'roll-back',
  title: 'Roll back',
  purpose: 'Runs the command that the inventory names for going back to the release before.',
  reads: { unitState, release },

  draft(world) {
    const unread = unreadOn(world, world.service.hosts);
    if (unread !== null) return { fits: false, because: unread };
    return ownCommand(
      world,
      `Roll ${world.service.name} back`,
      world.service.hosts,
      'Every host, one after the other; stops at the first that fails. Migrations of the database are not taken back: does the release before work with them?',
    );
  },

  fingerprint: (world) => releaseFingerprint(world, world.service.hosts),
});
