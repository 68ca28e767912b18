import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'The password of Redis was changed, and the app has the old one.',
  because: 'The app names the refused login in each answer; the login that looks is another and is let in.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'requirepass', 'rotated-secret');
    lab.host('cache-1').sh('redis-cli --no-auth-warning -a rotated-secret CLIENT KILL TYPE normal');
  },
  heal: (lab) =>
    void lab
      .host('cache-1')
      .sh('redis-cli --no-auth-warning -a rotated-secret CONFIG SET requirepass cache-secret || true'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'app-refused-by-dependency',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});
