import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { until } from '../../helpers/until.js';
import { askAsUser } from '../client.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app on web-2 lives forty days in the past: to its clock the certificate of the payment service is not valid yet.',
  because:
    'A third of the pages fail, all on web-2 and all with "certificate is not yet valid"; from the other hosts, and in a handshake of any other program, the same certificate is good. What the app blames is payments, what differs is the one host.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 3,
  inject: async ({ host }) => {
    const library = host('web-2').sh('ls /usr/lib/*/faketime/libfaketime.so.1').trim();
    changeUnit(host('web-2'), 'shop', [
      '[Service]',
      `Environment=LD_PRELOAD=${library} FAKETIME=-40d`,
      // What measures how long something takes goes on as ever.
      'Environment=DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1',
    ]);
    // Its stop may take as long as systemd lets it.
    const hasBegun = () => askAsUser(`http://${HOSTS['web-2'].address}/`, 5) === 503;
    await until('web-2 refuses with the new clock', hasBegun, 45_000);
  },
  heal: ({ host }) => {
    restoreUnit(host('web-2'), 'shop');
    startAnew(host('web-2'), 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'certificate-expired',
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
    ],
  },
});
