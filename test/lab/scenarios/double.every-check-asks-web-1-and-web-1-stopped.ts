import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { setPayments } from '../faults/payments.js';
import { leaveLinesOfOldIncident, removeLinesOfOldIncident } from '../faults/scares-beside.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'A line was copied on the balancer: the checks of all three members of the shop ask the address of web-1 (addr 10.203.0.11). Then somebody stopped the shop on web-1 for more memory. Beside it the payment service takes more than a second for each answer, and half an hour ago the shop was away for a minute, which the logs of nginx tell.',
  because:
    'All members are DOWN by a 502 to the check, and the shop is stopped on web-1 only: on web-2 and web-3 it has run for long and answers the page and the health page with 200 at once. The balancer asks web-1 in their place, as its configuration says; with a check of their own two members would serve everybody, as they are meant to while one is away.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    setPayments(lab, 'slow 1.2');
    lab.web.forEach((host) => leaveLinesOfOldIncident(host));
    changeBalancer(lab, '/^backend shop/,/^backend desk/s/^    server web-.*:80$/& addr 10.203.0.11/');
    await sleep(4000);
    await untilWell(lab);
    lab.host('web-1').run('systemctl', 'stop', 'shop');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    restoreBalancer(lab);
    startAnew(lab.host('web-1'), 'shop');
    lab.web.forEach((host) => removeLinesOfOldIncident(host));
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    found: ['unit-inactive'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
