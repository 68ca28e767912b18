import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "For a test of last year's prices the clock by which the app on web-3 goes was turned back by 400 days (libfaketime), and the drop-in stayed.",
  because:
    'A third of the pages fail, all on web-3, with "certificate is not yet valid" of payments. The certificate is valid to whoever looks at it, from web-3 as well, and the other two hosts take it: not the certificate is wrong, but the clock of that process.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 10,
  inject: ({ host: hostOf }) => {
    const host = hostOf('web-3');
    const library = host.sh('ls /usr/lib/*/faketime/libfaketime.so.1').trim();
    changeUnit(host, 'shop', [
      '[Service]',
      `Environment=LD_PRELOAD=${library}`,
      'Environment=FAKETIME=-400d DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1',
    ]);
  },
  heal: ({ host }) => restoreUnit(host('web-3'), 'shop'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-blames-dependency',
      'app-refused-by-dependency',
      'dependency-failing',
      'dependency-unreachable',
    ],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});
