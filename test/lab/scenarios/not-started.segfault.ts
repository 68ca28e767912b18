import { checkAgain, setAside, setReady, stopChecking } from '../faults/members.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app of the last two members in the pool crashes in a C library (SIGSEGV), and its unit has Restart=no.',
  because:
    'Signal 11 on web-2 and web-3; the balancer, which does not check, finds nobody there: its own 503.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    setAside(lab, 'desk', 'maint', ['web-1']);
    stopChecking(lab, 'desk');
    for (const host of [lab.host('web-2'), lab.host('web-3')]) {
      layDropIn(host, 'desk', ['[Service]', 'Restart=no']);
      host.sh('systemctl daemon-reload; systemctl kill --kill-whom=main -s SEGV desk');
    }
  },
  heal: (lab) => {
    for (const host of [lab.host('web-2'), lab.host('web-3')]) restoreUnit(host, 'desk');
    checkAgain(lab, 'desk');
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-failed',
    hop: 'balancer',
    notSaid: ['overload'],
  },
});
