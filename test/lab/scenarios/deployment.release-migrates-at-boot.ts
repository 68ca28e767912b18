import { deploy, removeReleases } from '../faults/new-release.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const MIGRATES = [
  'import os, psycopg2',
  'migration = psycopg2.connect(os.environ["DATABASE_URL"], application_name="shop-boot")',
  'with migration.cursor() as step:',
  '    step.execute("alter table orders add column if not exists vat numeric")',
  '    step.execute("select pg_sleep(120)")',
].join('\n');

export default defineScenario({
  fault:
    'Release r42 changes the schema itself as each of its workers boots, and was put on every host at once: the first works for minutes, eight wait for its lock, and nobody serves.',
  because:
    'Ports are open and nobody accepts; nine sessions of the app want the same ALTER TABLE, one has it and goes on. It began with the release on every host, and the change of the schema is its own.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) => deploy(host, { service: 'shop', release: 'r42', begins: MIGRATES })),
  heal: (lab) => {
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    });
    // A session that sleeps does not see that its client has gone, and keeps its lock.
    endSessions(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['sessions-blocked-by-lock', 'rollout-in-progress', 'release-failing', 'unit-starting'],
    hop: ['balancer', 'proxy'],
    notSaid: ['overload', 'dependency', 'routing', 'deliberate', 'connections-exhausted'],
  },
});
