import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const SWITCH = '/var/lib/shop/in-service';

export default defineScenario({
  fault:
    'To take a host out of service one deletes a file on it: nginx then says 404 for the health page, and the balancer sends nothing new there (http-check disable-on-404). A clean-up deleted the file on every host.',
  because:
    'No member is DOWN, all are NOLB with "404" for the check: taken out softly, with an app behind that is well and serves every page that it is asked for. Whether one calls that a check which fails on a sound host or members that were set aside: nobody stopped anything, and nothing is broken.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    for (const host of lab.web) {
      host.run('touch', SWITCH);
      addToNginx(host, [
        'location = /health/ {',
        `if (!-f ${SWITCH}) { return 404; }`,
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]);
    }
    changeBalancer(lab, 's,^    http-check send meth GET uri /health/.*,&\\n    http-check disable-on-404,');
    lab.web.forEach((host) => host.run('rm', '-f', SWITCH));
  },
  heal: (lab) => {
    for (const host of lab.web) {
      removeFromNginx(host);
      host.run('rm', '-f', SWITCH);
    }
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'member-down-though-healthy',
      'member-draining',
      'health-endpoint-failing',
      'health-endpoint-misplaced',
    ],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'routing'],
  },
});
