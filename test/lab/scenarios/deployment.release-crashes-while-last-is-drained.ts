import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const NEW = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'Release d8 was rolled to web-1 and web-2, where it ends at its start for a package that no host has; the tool had already drained web-3 as the next one, and stopped there.',
  because:
    'Two members refuse since the link changed, "No module named \'ticketing_core\'" at each start, and the third, which has the old release and is well, is drained: all of it is one roll-out.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    setAside(lab, 'desk', 'drain', ['web-3']);
    NEW.forEach((name) =>
      deploy(lab.host(name), { service: 'desk', release: 'd8', begins: 'import ticketing_core' }),
    );
  },
  heal: (lab) => {
    NEW.forEach((name) => {
      removeReleases(lab.host(name), 'desk');
      startAnew(lab.host(name), 'desk');
    });
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: ['release-failing', 'release-skew', 'member-draining', 'rollout-in-progress'],
    hop: 'balancer',
    found: ['release-failing', 'member-draining'],
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
