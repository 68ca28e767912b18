import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A tool that moves the primary of the cache paused all writes to Redis (CLIENT PAUSE … WRITE) and died before it let them go on.',
  because:
    'PING, reads and INFO are answered at once, and every write waits: the app says "Timeout reading from socket" for the cache, and its connections stand there as blocked. Redis is not slow, it holds back what would change something.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => void redis(lab, 'CLIENT', 'PAUSE', '150000', 'WRITE'),
  heal: (lab) => {
    redis(lab, 'CLIENT', 'UNPAUSE');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['overload', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
