import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The file of the authority that the app trusts is gone from every host.',
  because:
    'Every page fails with "unable to get local issuer certificate"; the payment service and its certificate are as they were.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) => web.forEach((host) => host.run('mv', '/etc/ssl/lab-ca.crt', '/root/lab-ca.kept')),
  heal: ({ web }) => web.forEach((host) => host.run('mv', '/root/lab-ca.kept', '/etc/ssl/lab-ca.crt')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'certificate-expired',
    ],
  },
});
