import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

/** Which database of the server PgBouncer gives to whoever asks it for that of the desk. */
const leadTo = (lab: Lab, database: string): void => {
  lab.host('pool-1').sh(`sed -i 's/^desk = .*/desk = host=db.lab.test port=5432 dbname=${database}/' \
    /etc/pgbouncer/pgbouncer.ini; systemctl restart pgbouncer`);
};

export default defineScenario({
  fault:
    'A trial of a restore left its database in the settings of PgBouncer (dbname=desk_restored) and was dropped long ago; since a restart of the pooler the desk is led there.',
  because:
    'The server says \'database "desk_restored" does not exist\' to each login of the pooler, and PgBouncer hands that on; the database of the desk is there and open, with slots to spare.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => leadTo(lab, 'desk_restored'),
  heal: (lab) => {
    leadTo(lab, 'desk');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: 'balancer',
    notSaid: ['connections-exhausted', 'overload', 'deployment', 'not-started', 'deliberate'],
  },
});
