import { brand, removeBrand, writeBrand } from '../faults/balancer-brand.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';
import { askBalancer } from '../wellness.js';

const CLOSED = '/etc/haproxy/closed.acl';

export default defineScenario({
  fault:
    'The balancer refuses with 503 whatever name is on its list of closed shops; somebody put the desk on it by the socket for a stock-taking, and the file says nothing of it. Its page is that of the house, and its log lines are JSON without its letters.',
  because:
    'The balancer writes the 503 itself, at once and without a member, though every member of the pool is up and answers; it counts the requests as denied. The only rule of its configuration that denies goes by a list, and in memory the list has the name of the desk.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    writeBrand(lab, 'Something went wrong. Please try again in a moment.');
    lab.host('lb-1').sh(`echo outlet.lab.test >${CLOSED}; touch -d '9 days ago' ${CLOSED}`);
    const rule = `    http-request deny deny_status 503 if { req.hdr(host) -i -f ${CLOSED} }`;
    changeBalancer(lab, `${brand({ log: 'json' })}; s|^    use_backend shop|${rule}\\n&|`);
    askBalancer(lab, `add acl ${CLOSED} desk.lab.test`);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    removeBrand(lab);
    lab.host('lb-1').run('rm', '-f', CLOSED);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'maintenance-mode'],
    hop: 'balancer',
    notSaid: [
      ...(['not-started', 'overload', 'dependency', 'database-connections'] as const),
      ...(['health-check', 'routing', 'deployment'] as const),
    ],
  },
  wrongBecause:
    'The log is in JSON and leaves out how a session ended, the entry is in no file that a login may read, and the page is the one of any trouble: nothing that is read tells a refusal from a want of members.',
});
