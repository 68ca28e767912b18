import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { defineScenario } from '../scenario.js';

const RULE =
  'http-request return status 503 content-type text/plain string "Too many visitors right now, please come back in a minute" hdr Retry-After 60 if { be_sess_rate(shop) gt 8 }';

export default defineScenario({
  fault:
    'From the days of a single host the balancer sends everybody away with a 503 of its own while the whole shop is asked more than eight times a second (be_sess_rate); today it is thirty times, as on any good day.',
  because:
    'HAProxy logs PR and 503 at once and without a member, and shows no table of addresses: a rule in its file counts the pool as a whole. All members are up, their workers have nothing to do, and the page answers 200 on every host. It is a limit that somebody set and no lack of anything.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    changeBalancer(lab, `s|^backend shop$|&\\n    ${RULE}|`);
    startLoad('http://shop.lab.test/', 8, 250);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['rate-limited', 'request-denied'],
    hop: 'balancer',
    notSaid: [
      'maintenance-mode',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
    ],
  },
});
