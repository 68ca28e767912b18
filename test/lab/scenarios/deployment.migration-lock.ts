import { endMigration, startMigration } from '../faults/migration.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A migration changes a table in a transaction and goes on for minutes; every query of the app queues behind it.',
  because:
    'The blocker is a change of the schema by a migration tool: the database only does what it is told.',
  service: 'shop',
  users: [503, 504, 0],
  settleSeconds: 4,
  inject: (lab) => startMigration(lab, 'alter table orders add column tax numeric'),
  heal: (lab) => endMigration(lab),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'sessions-blocked-by-lock',
    notSaid: ['overload', 'not-started'],
  },
});
