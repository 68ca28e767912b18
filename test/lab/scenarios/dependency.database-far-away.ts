import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The network to the database has become slow: three seconds for each packet's way.",
  because:
    'The database has room, holds no lock and is idle; each statement takes three seconds on the way, so the check times out.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: ({ host }) => void host('db-1').sh('tc qdisc add dev host0 root netem delay 3s'),
  heal: (lab) => {
    lab.host('db-1').sh('tc qdisc del dev host0 root || :');
    lab.web.forEach((host) => startAnew(host, 'shop'));
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'dependency-unreachable'],
    hop: 'balancer',
    notSaid: ['database-connections', 'deployment', 'not-started'],
  },
});
