import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { endSessions, sql } from '../faults/sql.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const rename = (lab: Lab, from: 'host' | 'hostssl', to: 'host' | 'hostssl'): void => {
  lab
    .host('db-1')
    .sh(
      `sed -i 's|^${from} all all 10.203.0.0/24|${to} all all 10.203.0.0/24|' /etc/postgresql/15/main/pg_hba.conf`,
    );
  sql(lab, 'select pg_reload_conf()');
};

export default defineScenario({
  fault:
    'An audit had the database take logins over TLS only (hostssl in pg_hba.conf); the shop, which is of Node.js and has never been told of TLS, lost its sessions soon after.',
  because:
    'The log of every host has \'no pg_hba.conf entry for host …, user "shop", database "shop", no encryption\' for each page and each check. The server runs and has most of its slots free: it refuses every login from another host that comes without TLS, that of a monitoring as well, and would take the same one over TLS.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await runNodeShop(lab);
    rename(lab, 'host', 'hostssl');
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    rename(lab, 'hostssl', 'host');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-unreachable',
      'certificate-expired',
    ],
  },
});
