import { redis } from '../faults/redis.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-export';

/** Asks for the catalogue again and again on one connection, and reads none of the answers. */
const PROGRAM = `
import redis, socket, time
redis.Redis("cache.lab.test", password="cache-secret").set("catalogue", b"x" * 1000000)
asking = socket.create_connection(("cache.lab.test", 6379))
asking.sendall(b"AUTH cache-secret\\r\\n" + b"GET catalogue\\r\\n" * 80)
time.sleep(900)
`;

export default defineScenario({
  fault:
    'An exporter on another host asks Redis for a large key eighty times and hangs before it reads: the answers that wait for it take more memory than Redis may use. A release of the shop came out on every host just before, and works.',
  because:
    'Redis says "OOM command not allowed" to every write and answers PING and reads; its keys are one megabyte, the rest is the output buffer of one client. The host of the cache has memory to spare. The release served everybody until the exporter came.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, 'r42'));
    await untilWell(lab);
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '32mb');
    lab.host('pay-1').run('systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM);
  },
  heal: (lab) => {
    lab.host('pay-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '0');
    redis(lab, 'DEL', 'catalogue');
    lab.web.forEach((host) => {
      withdraw(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'deployment',
      'overload',
      'not-started',
      'database-connections',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});
