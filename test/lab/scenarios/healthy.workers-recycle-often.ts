import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Every worker of the app ends after thirty requests and is replaced, as it was told, on every host.',
  because:
    'The journal is full of workers that exit and boot, and no start of the unit is among them: users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) =>
      changeUnit(host, 'shop', ['[Service]', 'Environment="GUNICORN_CMD_ARGS=--max-requests 30"']),
    );
    await untilWell(lab);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: { status: 'healthy', cause: null },
});
