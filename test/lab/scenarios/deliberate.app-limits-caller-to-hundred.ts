import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';

/** What a limiter for web frameworks does: a counter in the cache for each caller and page, and a line in the log. */
const LIMITER = [
  's|^    if path in PAGES:|    seen, caller = 0, environ["REMOTE_ADDR"]',
  '    if path != "/health/":',
  '        counter = "LIMITER/%s/%s/100/1/hour" % (caller, path)',
  '        seen = cache.incr(counter)',
  '        cache.expire(counter, 3600)',
  '    if seen > 100:',
  '        print("shop: ratelimit 100 per 1 hour (%s) exceeded at endpoint: %s" % (caller, path), flush=True)',
  '        status, body = "503 Service Unavailable", {"error": "100 per 1 hour"}',
  '    elif path in PAGES:|',
].join('\\n');

export default defineScenario({
  fault:
    'The app itself lets each caller see a page a hundred times an hour and says 503 then; behind nginx, which passes no address on, all customers are 127.0.0.1.',
  because:
    'The 503 came at once and was written by the app itself: "100 per 1 hour", and its log names the limit and the one address that all customers have. The health page is not counted, members are up, and database, cache and payments are well.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) => {
    web.forEach((host) => wakeBug(host, 'shop', 'app.py', LIMITER));
    startLoad('http://shop.lab.test/', 5, 200);
  },
  heal: ({ host, web }) => {
    endLoad();
    web.forEach((one) => {
      bugSleeps(one, 'shop', 'app.py');
      restart([one], 'shop');
    });
    host('cache-1').sh(`export REDISCLI_AUTH=cache-secret
      redis-cli --scan --pattern 'LIMITER/*' | xargs -r redis-cli DEL >/dev/null`);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-rate-limited', 'rate-limited', 'request-denied', 'concurrency-limited'],
    hop: 'app',
    notSaid: [
      'maintenance-mode',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
    ],
  },
});
