import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const NEW = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'Release r42 joins three tables and forgot the condition, so that each page has the database count 125 million rows; it is on web-1 and web-2, and the rollout has drained web-3, which waits with r41.',
  because:
    'Since r42 every page and the health page take many seconds there, the checks time out, and both members are down. On web-3 the old release answers the same pages from the same database in milliseconds. The long statement is one that only r42 sends: the database is the place where it shows, the release is why.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 10,
  inject: (lab) => {
    setAside(lab, 'shop', 'drain', ['web-3']);
    for (const name of NEW)
      deploy(lab.host(name), {
        service: 'shop',
        release: 'r42',
        edit: 's/from orders"/from orders, orders lines, orders prices"/',
      });
  },
  heal: (lab) => {
    for (const name of NEW) {
      removeReleases(lab.host(name), 'shop');
      startAnew(lab.host(name), 'shop');
    }
    // A statement goes on in the database after who asked for it has gone.
    endSessions(lab, 'shop');
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-erring', 'release-failing', 'rollout-in-progress', 'member-draining'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'deliberate', 'sessions-blocked-by-lock', 'connections-exhausted'],
  },
});
