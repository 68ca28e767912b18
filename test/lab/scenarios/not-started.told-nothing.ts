import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody stops the app on every host, and diag503 was told hosts and health address only.',
  because:
    'Nobody listens on the port of the health address: that needs neither a unit nor a balancer to be known.',
  service: 'shop-bare',
  users: [503],
  inject: ({ web }) => web.forEach((host) => host.run('systemctl', 'stop', 'shop')),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'start', 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    root: ['port-not-listening', 'unit-inactive'],
    notSaid: ['dependency', 'overload', 'database-connections'],
  },
});
