import { setTimeout as sleep } from 'node:timers/promises';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

export default defineScenario({
  fault:
    'The database was away for some seconds and is back; PgBouncer tries it again only after two minutes (server_login_retry).',
  because:
    'The database takes logins, and the shop, which asks it directly, is well. PgBouncer refuses the desk with "cannot connect to server" of its own memory.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: async ({ host }) => {
    host('pool-1').sh(`cd /etc/pgbouncer; [ -e kept.ini ] || cp -p pgbouncer.ini kept.ini
      sed -i 's/^server_login_retry.*/server_login_retry = 120/' pgbouncer.ini; systemctl reload pgbouncer`);
    host('db-1').run('systemctl', 'stop', 'postgresql@15-main');
    await untilUsersGet('http://desk.lab.test/', [503]);
    await sleep(3000);
    host('db-1').run('systemctl', 'start', 'postgresql@15-main');
    await untilUsersGet('http://shop.lab.test/', [200]);
  },
  heal: ({ host }) => {
    host('db-1').run('systemctl', 'start', 'postgresql@15-main');
    host('pool-1').sh(
      'cd /etc/pgbouncer; [ ! -e kept.ini ] || mv -f kept.ini pgbouncer.ini; systemctl restart pgbouncer',
    );
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
  wrongBecause:
    'The app says only that the server closed the connection; PgBouncer keeps its refusal to the login of the app, and lets ours in.',
});
