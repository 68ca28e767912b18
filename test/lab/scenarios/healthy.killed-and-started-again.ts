import { startAnew } from '../faults/start-anew.js';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The app was killed by signal 9 on every host, systemd started it again, and it serves.',
  because: 'The journal tells of failures, the counters of restarts; users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 3,
  inject: async (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'kill', '-s', 'KILL', 'shop'));
    await untilUsersGet('http://shop.lab.test/', [503]);
    await untilUsersGet('http://shop.lab.test/', [200]);
  },
  heal: ({ web }) => web.forEach((host) => startAnew(host, 'shop')),
  expect: { status: 'healthy', cause: null },
});
