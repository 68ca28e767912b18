import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The rule that leads to the desk was changed to take only what comes by TLS (ssl_fc), ahead of the port for it, which is opened next week; besides, the desk was stopped on web-2 and forgotten.',
  because:
    'Every request gets 503 of HAProxy at once, with the name of the frontend twice and <NOSRV> in its log: no rule takes it, there is no default, and the pool was never asked. Two members of that pool are up and serve. web-2 is really stopped and must be told, but if it were started users would still get 503.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    lab.host('web-2').run('systemctl', 'stop', 'desk');
    changeBalancer(lab, 's/^    use_backend desk if .*/& { ssl_fc }/');
  },
  heal: (lab) => {
    lab.host('web-2').run('systemctl', 'start', 'desk');
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'no-route-matched',
    hop: 'balancer',
    found: ['unit-inactive'],
    notSaid: [
      ...(['overload', 'dependency', 'database-connections'] as const),
      ...(['deployment', 'deliberate', 'health-check'] as const),
    ],
  },
});
