import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { allowSsh, blockSsh } from '../faults/ssh.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app says 503 to every page but the health page, without a word, and no host of it lets anybody in by SSH.',
  because:
    'The balancer tells that its members are up and that the 503 is theirs. Why they say it can only be seen on the hosts, none of which could be looked at.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => {
      wakeBug(host, 'shop', 'app.py', 's/page()$/("503 Service Unavailable", {})/');
      blockSsh(host);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      allowSsh(host);
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    }),
  expect: {
    status: 'unreachable',
    cause: null,
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
    ],
  },
});
