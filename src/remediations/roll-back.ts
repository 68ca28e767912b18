import { balancerMembers } from '../probes/balancer-members.js';
import { release } from '../probes/release.js';
import { unitState } from '../probes/unit-state.js';
import { defineRemediation } from './define-remediation.js';
import { linkBack, waysBack } from './link-back.js';
import { ownCommand } from './own-command.js';
import { releaseFingerprint, unreadOn } from './unit-steps.js';

/** The database stays as the new release has made it. */
export const MIGRATIONS =
  'Migrations of the database are not taken back: does the release before work with them?';

/** Back to the release that worked: by its link, or by the operator's own command. */
export const rollBack = defineRemediation({
  id: 'roll-back',
  title: 'Roll back',
  purpose:
    'Leads the release link to the release before and restarts the unit, or runs the command that the inventory names for it.',
  reads: { unitState, release, balancerMembers },

  draft(world) {
    const unread = unreadOn(world, world.service.hosts);
    if (unread !== null) return { fits: false, because: unread };
    if (world.rule.releases !== undefined) return linkBack(world, MIGRATIONS);
    return ownCommand(
      world,
      `Roll ${world.service.name} back`,
      world.service.hosts,
      `Every host, one after the other; stops at the first that fails. ${MIGRATIONS}`,
    );
  },

  fingerprint: (world) => ({ ...releaseFingerprint(world, world.service.hosts), ...waysBack(world) }),
});
