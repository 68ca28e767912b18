import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release d8 loads its templates for most of a minute before a worker serves, and was put on every host at once.',
  because:
    'The port is open and nobody accepts, since the release and nowhere before it; no worker has booted yet, and none waits for anybody. It will pass.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, { service: 'desk', release: 'd8', begins: 'import time; time.sleep(55)' }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
