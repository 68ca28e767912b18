import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A drop-in that hardens the unit hides files of the host from the app, /etc/resolv.conf among them (InaccessiblePaths=), on every host: only the app has no name server any more.',
  because:
    'The app says "Temporary failure in name resolution" of whatever it asks first, and its health page fails as well. Every other program of the same hosts finds these names, the name server answers, and database, cache and payments are well.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', ['[Service]', 'InaccessiblePaths=/etc/resolv.conf -/etc/sudoers']),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'dependency-unreachable'],
    hop: ['app', 'balancer'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
