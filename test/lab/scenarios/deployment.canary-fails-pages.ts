import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Release r44 was put on web-2 alone; its pages answer 503, and its health page is as it was.',
  because:
    'A third of the pages get 503 of the app itself, all of them from web-2, and no check sees it. The two hosts with r41 are well: what differs is the release.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: ({ host }) =>
    deploy(host('web-2'), {
      service: 'shop',
      release: 'r44',
      edit: 's/page()$/("503 Service Unavailable", {"status": "failing", "basket": "no currency"})/',
    }),
  heal: ({ host }) => {
    removeReleases(host('web-2'), 'shop');
    startAnew(host('web-2'), 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-failing'],
    notSaid: ['dependency', 'database-connections', 'overload', 'not-started', 'health-check', 'routing'],
  },
});
