import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const ARCHIVE = '/var/spool/mail-archive';

export default defineScenario({
  fault:
    'The role of the shop may no longer log in (NOLOGIN); a tool of somebody else has a dozen idle sessions, and an unrelated disk of each host is full.',
  because:
    'The app quotes it: role "shop" is not permitted to log in. The database has slots left for whoever may, and nothing of the app writes to the full disk.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) => {
      host.run('mkdir', '-p', ARCHIVE);
      fillDisk(host, ARCHIVE);
    });
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'metabase',
      sessions: 12,
    });
    sql(lab, 'alter role shop nologin');
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    sql(lab, 'alter role shop login');
    endHolder(lab, 'pay-1');
    lab.web.forEach((host) => {
      freeDisk(host, ARCHIVE);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});
