import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A rollout is half done: web-1 and web-2 run r42, which answers every request with an error; web-3 waits, drained.',
  because: 'The unit runs on all hosts, but only those on r42 answer badly: old host fine, new hosts bad.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    setAside(lab, 'shop', 'drain', ['web-3']);
    for (const host of [lab.host('web-1'), lab.host('web-2')])
      deploy(host, { service: 'shop', release: 'r42', edit: 's/from orders/from order_lines/' });
  },
  heal: (lab) => {
    for (const host of [lab.host('web-1'), lab.host('web-2')]) {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    }
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-skew',
    hop: 'balancer',
  },
});
