import { useCertificate } from '../faults/certificate.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A test of the turn of the year left libfaketime in the unit of the shop on web-3, which lives 400 days ago since it was restarted; the payment service was given its certificate anew just before, and another host complained once of its clock.',
  because:
    'A third of the pages fail, all on web-3, with "certificate is not yet valid"; every other program, on web-3 as well, takes the same certificate, and it is valid. The clock of web-1 was set by a second and has to do with nothing. The health page does not ask payments.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: (lab) => {
    useCertificate(lab, 'server.crt');
    lab.host('web-1').run('logger', '-t', 'chronyd', 'System clock wrong by 1.402816 seconds');
    const host = lab.host('web-3');
    const library = host.sh('ls /usr/lib/*/faketime/libfaketime.so.1').trim();
    changeUnit(host, 'shop', [
      '[Service]',
      `Environment=LD_PRELOAD=${library} FAKETIME=-400d`,
      // Neither the times of files nor how long anything takes.
      'Environment=NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1',
    ]);
  },
  heal: (lab) => {
    useCertificate(lab, 'server.crt');
    restoreUnit(lab.host('web-3'), 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'app-refused-by-dependency', 'dependency-failing'],
    notSaid: [
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'release-failing',
    ],
  },
});
