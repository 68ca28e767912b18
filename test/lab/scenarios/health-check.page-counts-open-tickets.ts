import { setTimeout as sleep } from 'node:timers/promises';
import { endKilledIndexer, lockExports, startKilledIndexer, unlockExports } from '../faults/bystanders.js';
import { removeReleases, unpack } from '../faults/new-release.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

/** What the health page has done for long: somebody wanted to hear of it when the team does not keep up. */
const COUNT_TICKETS = [
  'def status(_):',
  '    found = tickets()',
  '    if found["tickets"] > 1000:',
  '        raise RuntimeError("%d open tickets, 1000 are allowed" % found["tickets"])',
  '    return found',
  '',
  '',
  '&"/status": status, ',
].join('\\n');

export default defineScenario({
  fault:
    'The health page of the desk says 503 when more than a thousand tickets are open, as a reminder to the team; an import brought 1240 old ones. Beside it stand an indexer that is killed for memory on two hosts, a queue of jobs for a lock on a table of the desk that no page needs, and a release that was unpacked and not linked.',
  because:
    'All members are DOWN for a 503 of /status, whose text names open tickets; any other page of each host is 200 at once, with the same database, the same sessions and the same code. Nobody of the app waits for a lock, its memory is its own, and the new release runs nowhere: the check counts work for people and takes the service down.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => wakeBug(host, 'desk', 'main.py', `s|^PAGES = {|${COUNT_TICKETS}|`));
    startKilledIndexer(lab.host('web-1'));
    startKilledIndexer(lab.host('web-3'));
    lockExports(lab, 'desk');
    await sleep(6000);
    await untilWell(lab);
    lab.web.forEach((host) => unpack(host, { service: 'desk', release: 'd8', begins: '# Search.' }));
    sql(lab, "insert into tickets select id, 'open' from generate_series(501, 1740) id", 'desk');
  },
  heal: (lab) => {
    sql(lab, 'delete from tickets where id > 500', 'desk');
    unlockExports(lab, 'desk');
    lab.web.forEach((host) => {
      endKilledIndexer(host);
      bugSleeps(host, 'desk', 'main.py');
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['health-endpoint-failing', 'health-endpoint-misplaced', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'dependency',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
