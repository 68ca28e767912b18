import { fillWal, giveWalRoom } from '../faults/full-wal.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The replication slot of a standby that was given up keeps every segment of the log of the database (WAL), whose disk is full now: the server ended with PANIC and cannot come back by itself.',
  because:
    'Nothing listens on the port of the database any more: its connections are refused from every host at once, its own host and name are well. The app quotes that for each page and each check and needs nothing else; its hosts have room, CPU and the release of before.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: fillWal,
  heal: giveWalRoom,
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-failing', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-slow',
    ],
  },
});
