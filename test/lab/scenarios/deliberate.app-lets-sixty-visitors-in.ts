import type { LabHost } from '../host.js';
import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps } from '../faults/old-code.js';
import { edited } from '../faults/other-shop.js';
import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const DOOR = `VISITORS_AT_A_TIME = 60
STAY_SECONDS = 900


def visitor_of(environ):
    """Who has a place keeps it until they were away for a quarter of an hour. None: there is no place."""
    now = time.time()
    cache.zremrangebyscore("visitors", 0, now - STAY_SECONDS)
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("visitor")
    visitor = cookie.value if cookie else None
    if visitor is None or cache.zscore("visitors", visitor) is None:
        if cache.zcard("visitors") >= VISITORS_AT_A_TIME:
            return None
        visitor = uuid.uuid4().hex
    cache.zadd("visitors", {visitor: now})
    return visitor


def door(environ):
    visitor = visitor_of(environ)
    if visitor is None:
        print("shop: door: %d visitors inside, one more is asked to wait" % VISITORS_AT_A_TIME, flush=True)
        body = {"message": "Our shop is full at the moment. Please wait, we let you in as soon as a place is free."}
        return "503 Service Unavailable", body, [("Retry-After", "60")]
    status, body = page()
    return status, body, [("Set-Cookie", "visitor=%s; Path=/; HttpOnly" % visitor)]


`;

const withDoor = (app: string): string =>
  edited(app, [
    ['import time\n', 'import time\nimport uuid\n'],
    ['import urllib.request\n', 'import urllib.request\nfrom http.cookies import SimpleCookie\n'],
    ['def sleep(seconds):', `${DOOR}def sleep(seconds):`],
    ['    if path in PAGES:\n', '    more = []\n    if path in PAGES:\n'],
    [
      '    else:\n        status, body = health() if path == "/health/" else page()\n',
      '    elif path == "/health/":\n        status, body = health()\n    else:\n        status, body, more = door(environ)\n',
    ],
    ['str(len(payload)))])', 'str(len(payload))), *more])'],
  ]);

/** The shop has had its door for long: nothing tells of the change. */
function haveDoor(host: LabHost): void {
  const text = withDoor(host.run('cat', '/srv/shop/releases/r41/app.py'));
  host.run(
    'sh',
    '-euc',
    `cd /srv/shop/releases/r41
    [ -e ../.kept ] || cp -p app.py ../.kept
    printf '%s' "$1" >app.py
    touch -r ../.kept app.py . ..`,
    'sh',
    text,
  );
  startAnew(host, 'shop');
}

export default defineScenario({
  fault:
    'The app lets no more than sixty visitors in at a time, whom it knows by a cookie and counts in the cache. A price comparison calls the shop today and keeps no cookies: it is a new visitor with each page, the places are taken within seconds and stay so for a quarter of an hour, and everybody else is asked to wait with a 503.',
  because:
    'The 503 is of the app, comes at once, says that the shop is full and when to come again, and its log counts sixty visitors with each. Workers and cores are idle, the database, the cache and the payments answer, and the health page goes on: the app refuses by a rule of its own, and nothing is broken.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach(haveDoor);
    redis(lab, 'DEL', 'visitors');
    await untilWell(lab);
    startLoad('http://shop.lab.test/', 4, 300);
  },
  heal: (lab) => {
    endLoad();
    for (const host of lab.web) {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }
    redis(lab, 'DEL', 'visitors');
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-rate-limited', 'concurrency-limited', 'rate-limited', 'request-denied', 'maintenance-mode'],
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'workers-busy',
      'cpu-saturated',
    ],
  },
});
