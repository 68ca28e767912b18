import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

const routes = (lab: Lab, verb: 'add' | 'del'): void =>
  lab.web.forEach((host) => host.run('ip', 'route', verb, 'blackhole', `${HOSTS['lb-1'].address}/32`));

export default defineScenario({
  fault: 'A new route on every host of the app leads what it answers to the balancer nowhere.',
  because:
    'All members are DOWN with L4TOUT: the balancer asks and hears nothing. No queue is full, nginx and the app run and answer on each host, and no host has a way to the balancer.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => routes(lab, 'add'),
  heal: (lab) => routes(lab, 'del'),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment', 'dependency', 'deliberate'],
  },
});
