import { setAside, setReady } from '../faults/members.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

const SICK = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'The cache has moved, and /etc/hosts of web-1 and web-2 still names its old address; web-3, which knows the new one, is drained.',
  because:
    'Two members are DOWN with L7STS 503, whose page says that the cache refuses; from web-3 it answers. That web-3 could serve and is set aside is true as well.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    setAside(lab, 'shop', 'drain', ['web-3']);
    for (const name of SICK) {
      lab.host(name).sh(`echo '${HOSTS['pay-1'].address} cache.lab.test' >>/etc/hosts`);
      startAnew(lab.host(name), 'shop');
    }
  },
  heal: (lab) => {
    for (const name of SICK) {
      lab.host(name).sh('sed -i /cache.lab.test/d /etc/hosts');
      startAnew(lab.host(name), 'shop');
    }
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    found: ['member-draining'],
    notSaid: ['database-connections', 'overload', 'not-started', 'deliberate'],
  },
});
