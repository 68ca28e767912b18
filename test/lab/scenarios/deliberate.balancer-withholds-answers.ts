import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A guard against leaks of data at the balancer lets only those answers of the shop out that a scanner has marked, and nothing marks any; everybody else gets 503 (http-response deny). A release came out on every host just before, and works.',
  because:
    'All members are up, nginx on every host logs 200 for the very pages for which users get 503, and HAProxy counts answers that it denied: the app served, and the balancer threw it away. The release served everybody until the rule came.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, 'r42'));
    await untilWell(lab);
    changeBalancer(
      lab,
      's,^backend shop,&\\n    http-response deny deny_status 503 if { status 200 } !{ res.hdr(x-scanned) -m found },',
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      withdraw(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied'],
    hop: 'balancer',
    notSaid: [
      'deployment',
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'health-check',
      'routing',
    ],
  },
});
