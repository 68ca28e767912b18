import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { defineScenario } from '../scenario.js';

const listenOn = (port: number): string =>
  `sed -i 's/^port .*/port ${String(port)}/' /etc/redis/redis.conf; systemctl restart redis-server`;

export default defineScenario({
  fault:
    'Redis was restarted with a template by which it listens on port 6380; the app logs into a file in the manner of Java and answers with a trace id only.',
  because:
    'Port 6379 of the host of the cache refuses everybody, and the app was told that one. The last "Caused by:" of each trace in its file says so, under two errors of its own that only speak of a basket; the journal has nothing. Database and payments are well.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    await beFrameworkShop(lab, { logs: 'java', page: 'problem' });
    lab.host('cache-1').sh(listenOn(6380));
  },
  heal: (lab) => {
    lab.host('cache-1').sh(listenOn(6379));
    lab.web.forEach(beUsualShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-unreachable',
    notSaid: ['database-connections', 'overload', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});
