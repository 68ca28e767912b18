import { HOSTS } from '../topology.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A run of the configuration management gave the shop on web-3 a proxy for what it calls outside (https_proxy), on a host where no proxy listens, and restarted it there.',
  because:
    'A third of the pages fail, all on web-3, with "payments: Connection refused"; the service answers from every host, also from web-3 to whoever does not go by the proxy. Its checks pass, for they do not ask payments.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 11,
  inject: ({ host }) =>
    changeUnit(host('web-3'), 'shop', [
      '[Service]',
      `Environment=https_proxy=http://${HOSTS['pool-1'].address}:3128`,
    ]),
  heal: ({ host }) => restoreUnit(host('web-3'), 'shop'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'dependency-unreachable', 'undeclared-dependency'],
    notSaid: [
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'deliberate',
      'release-failing',
      'release-skew',
    ],
  },
});
