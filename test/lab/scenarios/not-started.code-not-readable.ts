import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody ran chmod over the release on every host; at the next restart the app may not read its own code.',
  because:
    'Workers fail to boot with "Permission denied" for a file that is weeks old: no deploy, no dependency.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        'cd /srv/shop/current; chmod 600 app.py; rm -rf __pycache__; systemctl restart --no-block shop',
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('chmod', '644', '/srv/shop/releases/r41/app.py');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'port-not-listening'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload'],
  },
});
