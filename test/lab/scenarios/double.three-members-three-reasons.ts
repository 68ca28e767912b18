import { closeToBalancer, openToBalancer } from '../faults/firewall.js';
import { setAside, setReady } from '../faults/members.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app is stopped on web-1, web-2 is drained, and the firewall of web-3 drops what the balancer sends.',
  because:
    'No member is left, each for a reason of its own, and any of the three that is undone brings users back: whichever is called the cause, all must be said.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: (lab) => {
    setAside(lab, 'desk', 'drain', ['web-2']);
    lab.host('web-1').run('systemctl', 'stop', 'desk');
    closeToBalancer(lab.host('web-3'), 9100, 'drop');
  },
  heal: (lab) => {
    openToBalancer(lab.host('web-3'));
    lab.host('web-1').run('systemctl', 'start', 'desk');
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    hop: 'balancer',
    found: ['unit-inactive', 'member-draining', 'member-unreachable'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deliberate'],
  },
});
