import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody ends the app with kill -9 on every host, and its unit has Restart=no.',
  because: 'The units failed by signal 9; no word of memory anywhere, so the kernel did not do it.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      layDropIn(host, 'shop', ['[Service]', 'Restart=no']);
      host.sh('systemctl daemon-reload; systemctl kill --kill-whom=main -s KILL shop');
    }),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
    notSaid: ['overload', 'deployment'],
  },
});
