import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

/** Where the name of the database leads; a restart lets PgBouncer forget what it was told before. */
const leadDatabaseTo = (lab: Lab, address: string): void => {
  lab.host('ns-1').sh(
    `sed -i 's/^host-record=db.lab.test,.*/host-record=db.lab.test,${address}/' /etc/dnsmasq.d/lab.conf
     systemctl restart dnsmasq`,
  );
  lab.host('pool-1').run('systemctl', 'restart', 'pgbouncer');
};

export default defineScenario({
  fault:
    'The database was to move tonight: its name in the DNS already leads to the new machine, on which no database listens yet. PgBouncer was restarted and asked for the name anew.',
  because:
    'The pooler runs and lets its clients in, and is refused where it believes the database to be; the desk hears that for each page. The database itself runs, has room, and the sessions of the shop, which are older, go on: it is the name that leads to the wrong machine.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  // The host of the cache: it is up and has nothing on the port of the database.
  inject: (lab) => leadDatabaseTo(lab, HOSTS['cache-1'].address),
  heal: (lab) => {
    leadDatabaseTo(lab, HOSTS['db-1'].address);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-unreachable',
      'dependency-failing',
      'app-refused-by-dependency',
      'app-blames-dependency',
    ],
    hop: ['balancer', 'app'],
    notSaid: ['connections-exhausted', 'overload', 'deployment', 'not-started', 'deliberate'],
  },
  wrongBecause:
    'The cause is right. PgBouncer took our login and kept it waiting, as it does until its first connection to the server has failed; that it is led to the wrong machine was not to be seen yet.',
});
