import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Nothing is wrong: a drop-in was laid over the unit, and nobody has run daemon-reload.',
  because: 'NeedDaemonReload=yes hurts nobody as long as nothing is restarted.',
  service: 'shop',
  users: [200],
  inject: ({ web }) => web.forEach((host) => layDropIn(host, 'shop', ['[Service]', 'LimitNOFILE=4096'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: { status: 'healthy' },
});
