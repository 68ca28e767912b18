import { endLoad, startLoad } from '../faults/load.js';
import { endSessions } from '../faults/sql-session.js';
import { defineScenario } from '../scenario.js';

const MIGRATION = `
import os, time, psycopg2
connection = psycopg2.connect(os.environ["DATABASE_URL"], application_name="report")
cursor = connection.cursor()
cursor.execute("alter table orders add column note text")
cursor.execute("select pg_sleep(150)")
`;

export default defineScenario({
  fault:
    'A migration holds the table of orders; every worker waits for it, the queues are full, members go down.',
  because:
    'Sessions wait for a lock that an ALTER TABLE holds, and a migration runs on a host since before: the deployment is the root, the database only looks guilty.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 5,
  inject: ({ host }) => {
    host('web-1').run('sh', '-c', 'printf "%s" "$1" >/srv/shop/manage.py', 'sh', MIGRATION);
    host('web-1')
      .sh(`systemd-run -q --collect --unit=lab-migration -p EnvironmentFile=/etc/shop/env -p User=www-data \\
      /usr/bin/python3 /srv/shop/manage.py migrate; sleep 1`);
    startLoad('http://shop.lab.test/', 30);
  },
  heal: (lab) => {
    endLoad();
    lab.host('web-1').sh('systemctl stop lab-migration 2>/dev/null || :; rm -f /srv/shop/manage.py');
    lab.host('web-1').sh("touch -d '9 days ago' /srv/shop");
    endSessions(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    root: 'rollout-in-progress',
    notSaid: ['not-started'],
  },
});
