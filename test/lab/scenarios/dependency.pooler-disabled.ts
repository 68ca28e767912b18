import { tellPooler } from '../faults/pooler-console.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody disabled the database of the desk in PgBouncer, and the desk was restarted.',
  because: 'PgBouncer refuses every login to it by name; the pooler and the database run.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    tellPooler(lab, 'DISABLE');
    lab.web.forEach((host) => host.run('systemctl', 'restart', 'desk'));
  },
  heal: (lab) => {
    tellPooler(lab, 'ENABLE');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['connections-exhausted', 'overload', 'deployment', 'not-started'],
  },
});
