import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release r42 counts visits in a hash of the cache, under the key where r41 kept a number; it went out to every host, and nobody emptied the key.',
  because:
    'Since the release, and on every host, each page fails with "WRONGTYPE Operation against a key": the cache runs, lets the app in and serves it; what it holds was written by the release before.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: 's/cache.incr("visits")/cache.hincrby("visits", "all", 1)/',
      }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'not-started',
      'routing',
      'deliberate',
      'dependency-unreachable',
      'dependency-slow',
    ],
  },
});
