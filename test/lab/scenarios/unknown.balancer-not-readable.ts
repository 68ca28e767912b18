import { giveGroups, takeGroups } from '../faults/blindness.js';
import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Every member is in maintenance on the balancer, and the account of diag503 may read neither its socket nor its journal.',
  because:
    'The 503 is that of HAProxy, which looks the same for eight causes, and the app is well on every host. What the balancer thinks of its members cannot be read: it must be said that the reason is there, and what would tell it.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    takeGroups(lab.host('lb-1'), ['haproxy', 'adm', 'systemd-journal']);
    setAside(lab, 'desk', 'maint');
  },
  heal: (lab) => {
    giveGroups(lab.host('lb-1'));
    setReady(lab, 'desk');
  },
  expect: {
    status: 'inconclusive',
    cause: null,
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections'],
  },
});
