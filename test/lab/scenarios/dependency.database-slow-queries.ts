import { defineScenario } from '../scenario.js';
import { askMany } from '../faults/ask-many.js';
import { endSessions } from '../faults/sql.js';
import { HOSTS, WEB } from '../topology.js';

export default defineScenario({
  fault: 'Customers open the report page; its query takes most of a minute and every worker runs one.',
  because:
    'R7: all workers wait for statements that run for long and for no lock; slots are left, nothing leaks.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: () =>
    askMany(
      WEB.map((name) => `http://${HOSTS[name].address}/report?45`),
      5,
      60,
    ),
  heal: (lab) => void endSessions(lab, 'shop'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-slow',
    notSaid: ['cpu-saturated', 'connections-exhausted'],
  },
});
