import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A release went out and works; shortly after it the cache stops.',
  because:
    'Hosts run one release and their units run; the cache refuses connections, and the app says so: the deploy is innocent.',
  service: 'shop',
  users: [503],
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, { service: 'shop', release: 'r44', begins: '# new texts' }));
    await untilWell(lab);
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-unreachable',
    notSaid: ['deployment', 'not-started'],
  },
});
