import { deploy, removeReleases } from '../faults/new-release.js';
import { endSilentClients, startSilentClients } from '../faults/silent-clients.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'An inventory tool on another host opens a dozen connections to the app of each host and says nothing on them, and each keeps one of its eight threads. A release came out just before, and works.',
  because:
    'Every thread waits for the first byte of a connection that is silent: no CPU, no wait for database or cache, no session of the pool in use, and the check times out. The release served everybody until the connections came: it is innocent.',
  service: 'desk',
  users: [0, 503],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => deploy(host, { service: 'desk', release: 'd8', begins: '# new texts' }));
    await untilWell(lab);
    startSilentClients(lab, 9100, 12);
  },
  heal: (lab) => {
    endSilentClients(lab);
    lab.web.forEach((host) => {
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['not-started', 'deployment', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
