import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { deploy, link, removeReleases } from '../faults/new-release.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'After a canary that went astray the check of the balancer was made to insist on the release (http-check expect hdr x-release r41) and was forgotten there; release r42, which is well, went out to every host.',
  because:
    'All members are DOWN since the deploy though the health page is 200 on every host, through nginx as well, and so is every page: the app says X-Release: r42, and the balancer takes r41 only. Whether one says that the check is wrong or that the deploy forgot it: no unit, no page and nothing behind is sick.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    for (const host of lab.web)
      wakeBug(host, 'shop', 'app.py', 's|^    start_response(status, \\[|&("X-Release", "r41"), |');
    await sleep(6000);
    changeBalancer(
      lab,
      's,^    http-check send meth GET uri /health/.*,&\\n    http-check expect hdr name x-release value r41,',
    );
    for (const host of lab.web)
      deploy(host, { service: 'shop', release: 'r42', edit: 's/"X-Release", "r41"/"X-Release", "r42"/' });
  },
  heal: (lab) => {
    restoreBalancer(lab);
    for (const host of lab.web) {
      link(host, 'shop', 'r41');
      bugSleeps(host, 'shop', 'app.py');
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-down-though-healthy', 'release-erring', 'release-skew', 'rollout-in-progress'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
