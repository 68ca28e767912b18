import { deploy, removeReleases } from '../faults/new-release.js';
import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const PRICES = 'prices:r42';

/** Whoever takes the lock builds the list, and all others say 503 until it is there. */
const BUILD = [
  '&',
  '            step = "prices"',
  `            if not cache.exists("${PRICES}"):`,
  `                if not cache.set("${PRICES}:lock", os.uname().nodename, nx=True):`,
  `                    raise RuntimeError("the list is not there yet, %s is building it" % cache.get("${PRICES}:lock").decode())`,
  `                cache.set("${PRICES}", "{}")`,
].join('\\n');

export default defineScenario({
  fault:
    'Release r42 wants a list of prices in the cache that is built once after each deploy, by whoever takes a lock for it; the job that was to warm the cache up took the lock and was killed, and r42 went out to every host.',
  because:
    'Since the release, on every host, each page says 503: "the list is not there yet, web-1 is building it", and nobody is. The cache runs and answers at once, members are up, for the health page wants no prices; r41 never had such a list.',
  service: 'shop',
  users: [503],
  settleSeconds: 15,
  inject: (lab) => {
    redis(lab, 'SET', `${PRICES}:lock`, 'web-1');
    for (const host of lab.web)
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: `s/^        if payments:$/${BUILD}/`,
      });
  },
  heal: (lab) => {
    for (const host of lab.web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
    redis(lab, 'DEL', PRICES, `${PRICES}:lock`);
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing', 'rollout-in-progress', 'release-skew'],
    notSaid: [
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'dependency-unreachable',
      'dependency-slow',
    ],
  },
  wrongBecause:
    'That the app says since the release what it never said before is told, as possible only: no rule knows its words, and much else may have changed then.',
});
