import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A drop-in clears ExecStart= and sets no other; the unit is stopped and cannot be started again.',
  because: 'systemd refuses to load the unit: LoadState=bad-setting.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      layDropIn(host, 'desk', ['[Service]', 'ExecStart=']);
      host.sh('systemctl stop desk; systemctl daemon-reload; systemctl start desk 2>/dev/null || :');
    }),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-missing-or-masked',
    hop: 'balancer',
  },
});
