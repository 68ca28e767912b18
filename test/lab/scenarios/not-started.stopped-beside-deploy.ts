import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A release went out and works, a drop-in waits for daemon-reload; then somebody stops the app by hand.',
  because: 'The units are inactive after a clean stop; release and drop-in are true and innocent.',
  service: 'desk',
  users: [503],
  inject: async (lab) => {
    lab.web.forEach((host) => {
      deploy(host, { service: 'desk', release: 'd9', begins: '# new texts' });
      layDropIn(host, 'desk', ['[Service]', 'LimitNOFILE=4096']);
    });
    await untilWell(lab);
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['deployment'],
  },
});
