import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The members of the desk have no check of their own on the balancer, they follow that of the shop (track); the shop was stopped on every host for work of its own.',
  because:
    'All members of the desk are DOWN in the same second as those of the shop and by their checks, while the desk runs and answers on every host: what is measured is another service.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    changeBalancer(lab, 's,^    server \\(web-.\\) .*:9100$,& no-check track shop/\\1,');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
    ],
  },
});
