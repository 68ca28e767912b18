import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'After a restart the app needs minutes to load its model before it listens, on every host.',
  because: 'systemd calls it active (Type=simple), yet nothing listens: active is not serving.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/bin/sh -c "echo loading the model; sleep 300; exec /usr/bin/gunicorn --bind 127.0.0.1:8000 app:application"',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'port-not-listening',
    hop: 'balancer',
  },
});
