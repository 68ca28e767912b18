import { listenOn } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx on every host listens on 8080 since its last reload; the balancer goes on asking port 80.',
  because:
    'All members are DOWN with L4CON at port 80, where nothing listens. nginx runs, on another port, and the app answers: the two configurations do not agree.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => listenOn(host, 8080)),
  heal: ({ web }) => web.forEach((host) => listenOn(host, 80)),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'deliberate'],
  },
});
