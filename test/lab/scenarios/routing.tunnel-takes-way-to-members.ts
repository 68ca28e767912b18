import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

/** Has every host of the app in it, and none of the rest; nobody has the address of the gateway any more. */
const NETWORK = '10.203.0.8/29';
const GATEWAY = '10.203.0.90';

export default defineScenario({
  fault:
    'A tunnel to the office was tried out on the balancer and left a route there that leads to a gateway that is gone; the hosts of the app are in its network. A release of the desk came out on every host just before, and works.',
  because:
    'All members are DOWN in both pools at once, and not by an answer: the balancer does not get to any of them. On every host the app runs, listens and answers, nothing there refuses or drops the balancer, and the release served everybody until the route came.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, { service: 'desk', release: 'd8', begins: '# new texts' }));
    await untilWell(lab);
    lab.host('lb-1').run('ip', 'route', 'add', NETWORK, 'via', GATEWAY);
  },
  heal: (lab) => {
    lab.host('lb-1').sh(`ip route del ${NETWORK} 2>/dev/null || :`);
    lab.web.forEach((host) => {
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment', 'dependency', 'database-connections', 'deliberate'],
  },
});
