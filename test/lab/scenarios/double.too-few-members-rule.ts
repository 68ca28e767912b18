import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A rule of the balancer refuses everybody as long as fewer than three members are up, for two would not bear a full day; on web-2 the app is stopped.',
  because:
    'HAProxy logs PR and 503 without having asked a member, and two members are up and well: a rule refuses. It does so because web-2 is down, where the unit is inactive. Either of them mended brings users back: whichever is called the cause, both must be said.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    changeBalancer(lab, 's,^backend desk,&\\n    http-request deny deny_status 503 if { nbsrv(desk) lt 3 },');
    lab.host('web-2').run('systemctl', 'stop', 'desk');
  },
  heal: (lab) => {
    lab.host('web-2').run('systemctl', 'start', 'desk');
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'unit-inactive'],
    hop: 'balancer',
    found: ['unit-inactive'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'routing', 'health-check'],
  },
});
