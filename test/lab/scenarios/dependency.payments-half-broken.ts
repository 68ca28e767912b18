import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-half-broken';
/** Never half a file: what reads it is asked all the time. */
const FLIP = `cd /run/payments; say() { echo "$1" >next; mv next mode; sleep 0.4; }
while :; do say 'status 500'; say ok; done`;

export default defineScenario({
  fault: 'Half of the payment service is broken: every other answer is 500, from one moment to the next.',
  because:
    'Half of the pages fail, on every host alike, and each of them names payments and its 500. Checks pass, for they do not ask it; some probes of it get 200 and some 500.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 10,
  inject: ({ host }) =>
    void host('pay-1').run('systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'sh', '-c', FLIP),
  heal: (lab) => {
    lab.host('pay-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
    setPayments(lab, 'ok');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check', 'routing'],
  },
});
