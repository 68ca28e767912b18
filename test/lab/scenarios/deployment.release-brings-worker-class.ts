import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release r42 brings a gunicorn.conf.py along that asks for workers of gevent, which no host has; it went out to every host at once.',
  because:
    'The code is that of r41 and the unit is old, yet since the link changed gunicorn ends at each start: "class uri \'gevent\' invalid or not found". It reads that file of its working folder without being told.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, 'r42', { change: `echo 'worker_class = "gevent"' >gunicorn.conf.py` }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      withdraw(host);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-failing',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
