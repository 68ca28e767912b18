import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Every member is in MAINT on the balancer, and nobody took them back; the app runs on every host.',
  because:
    'Every host answers well and every member is set aside. By whom, MAINT does not tell: a member in maintenance counts as a deployment.',
  service: 'shop',
  users: [503],
  inject: (lab) => setAside(lab, 'shop', 'maint'),
  heal: (lab) => setReady(lab, 'shop'),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'member-draining',
    hop: 'balancer',
    notSaid: ['not-started', 'health-check', 'routing', 'overload'],
  },
});
