import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody stops the app on every host.',
  because: 'The units are inactive after a clean stop, and nobody listens.',
  service: 'desk',
  users: [503],
  inject: ({ web }) => web.forEach((host) => host.run('systemctl', 'stop', 'desk')),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'start', 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'balancer',
  },
});
