import { checkAgain, stopChecking } from '../faults/members.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

/** Some 25 MB that nobody fetches. */
const QUEUE = `
import json, redis
client = redis.Redis("cache.lab.test", password="cache-secret")
for first in range(0, 24000, 200):
    jobs = [json.dumps({"job": "invoice", "order": first + n, "lines": "4011;" * 190}) for n in range(200)]
    client.rpush("jobs:invoices", *jobs)
`;

export default defineScenario({
  fault:
    'Nobody fetches the jobs for invoices from the cache any more, and they have filled it: it may evict what has an end (volatile-lru), and nothing in it has one. On web-2 a trial left nginx with port 8010 for the start page, where nothing listens. The balancer checks nothing.',
  because:
    'The 503 come from web-1 and web-3, whose app quotes the cache: "OOM command not allowed". PING and reads are answered, memory is at its limit, and a single list has nearly all of it. web-2 adds 502 of nginx, which is a second fault of one host and to be told: put right alone it would be one more host that says 503.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.host('pay-1').run('python3', '-c', QUEUE);
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '20mb');
    addToNginx(lab.host('web-2'), ['location = / {', 'proxy_pass http://127.0.0.1:8010;', '}']);
  },
  heal: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'maxmemory', '0');
    redis(lab, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    redis(lab, 'DEL', 'jobs:invoices');
    removeFromNginx(lab.host('web-2'));
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-failing', 'app-refused-by-dependency', 'app-blames-dependency'],
    hop: ['app', 'proxy'],
    found: ['wrong-upstream'],
    notSaid: [
      'dependency-unreachable',
      'overload',
      'database-connections',
      'deployment',
      'not-started',
      'deliberate',
    ],
  },
});
