import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'web-3 was put into maintenance on the balancer to try release r42 there, which crashes at each start; the other two go on with r41.',
  because:
    'Users get 200 from two members that are up, and none of their requests goes to the third. A release that fails where nobody is sent is what a trial is for, and no cause of a 503.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: (lab) => {
    setAside(lab, 'shop', 'maint', ['web-3']);
    deploy(lab.host('web-3'), { service: 'shop', release: 'r42', begins: 'from tax_rules import rates' });
  },
  heal: (lab) => {
    removeReleases(lab.host('web-3'), 'shop');
    startAnew(lab.host('web-3'), 'shop');
    setReady(lab, 'shop', ['web-3']);
  },
  expect: { status: 'healthy', cause: null },
});
