import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A template for small services lets Redis have 36 open files (LimitNOFILE); at its restart it reckoned four clients from that, and the workers of the app are more.',
  because:
    'Redis says "max number of clients reached" to whoever comes fifth, and its configuration speaks of ten thousand: it lowered that by itself. Some workers have a place and serve, the rest fail, so that pages and checks fail now and then. Database and payments answer everybody.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: ({ host }) => changeUnit(host('cache-1'), 'redis-server', ['[Service]', 'LimitNOFILE=36']),
  heal: ({ host, web }) => {
    restoreUnit(host('cache-1'), 'redis-server');
    web.forEach((one) => {
      startAnew(one, 'shop');
      startAnew(one, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: [
      'dependency-failing',
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-unreachable',
    ],
    notSaid: ['database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
