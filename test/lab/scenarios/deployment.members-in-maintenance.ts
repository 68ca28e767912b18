import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A deploy put every member into MAINT on the balancer, stopped every app and died before it started the new one.',
  because:
    'All members are set aside on purpose and no unit runs; who sets aside and stops all at once is a deploy.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    setAside(lab, 'shop', 'maint');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    root: 'member-draining',
    hop: 'balancer',
  },
});
