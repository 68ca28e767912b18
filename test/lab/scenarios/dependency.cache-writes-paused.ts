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
  wrongBecause:
    'Redis answers every question but writes at once, and does not say that it is paused. Where the app gives up in time, its own words name it; here our requests waited longer than that, and workers that wait are all that is left to see. That 15 of 18 clients are blocked is read, but so are those that wait for a queue.',
});
