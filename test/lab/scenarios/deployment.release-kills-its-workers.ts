import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const NEW = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'Release r42 is on two of three hosts; each page of it crashes in a C library and takes its worker along. The health page does not.',
  because:
    'Two thirds of the pages get 502 of nginx, "upstream prematurely closed connection", all of them of web-1 and web-2, where gunicorn tells of workers ended by signal 11. The units run on and the checks pass; web-3 with r41 is well, so what differs is the release.',
  service: 'shop',
  users: [200, 502],
  settleSeconds: 16,
  inject: ({ host }) =>
    NEW.forEach((name) =>
      deploy(host(name), {
        service: 'shop',
        release: 'r42',
        edit: 's/page()$/__import__("ctypes").string_at(0)/',
      }),
    ),
  heal: ({ host }) =>
    NEW.forEach((name) => {
      removeReleases(host(name), 'shop');
      startAnew(host(name), 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-failing'],
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
