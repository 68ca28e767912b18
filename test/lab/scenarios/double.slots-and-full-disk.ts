import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Idle sessions of a tool take every slot of the database; besides, an unrelated disk of each host is full.',
  because: 'The app is refused a session, and names it; nothing of it writes to the full disk.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    lab.web.forEach((host) =>
      host.sh(
        'mkdir -p /var/spool/mail-archive; mount -t tmpfs -o size=1m lab-disk /var/spool/mail-archive; dd if=/dev/zero of=/var/spool/mail-archive/x bs=64k 2>/dev/null || :',
      ),
    );
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'metabase',
      sessions: 40,
    });
    endSessions(lab, 'shop');
    untilNoSlotIsLeft(lab);
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'desk');
    lab.web.forEach((host) => {
      freeDisk(host, '/var/spool/mail-archive');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'deployment', 'not-started'],
  },
  wrongBecause:
    "The cause is right; the root is told by the app's refusals, for the database was too slow to be counted.",
});
