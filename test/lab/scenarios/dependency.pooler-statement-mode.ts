import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const setMode = (lab: Lab, mode: 'statement' | 'transaction'): void => {
  lab
    .host('pool-1')
    .sh(
      `sed -i 's/^pool_mode = .*/pool_mode = ${mode}/' /etc/pgbouncer/pgbouncer.ini; systemctl restart pgbouncer`,
    );
};

export default defineScenario({
  fault: 'PgBouncer was restarted in statement mode, in which the app may not begin a transaction.',
  because:
    'The app quotes the pooler for every page: "transaction blocks not allowed in statement pooling mode". Pooler and database run, and nobody waits for a connection.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => setMode(lab, 'statement'),
  heal: (lab) => {
    setMode(lab, 'transaction');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing'],
  },
});
