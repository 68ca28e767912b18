import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody has set all members to maintenance on the balancer, and the app behind is stopped.',
  because:
    'Users get 503 because all members are set aside, and by whom MAINT does not tell: a member in maintenance counts as a deployment. To end that alone would bring nothing back: the units are stopped, which must be said, too.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    setAside(lab, 'desk', 'maint');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    root: 'member-draining',
    hop: 'balancer',
    found: ['unit-inactive'],
  },
});
