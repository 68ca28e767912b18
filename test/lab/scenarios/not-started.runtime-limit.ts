import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The unit may run for six seconds (RuntimeMaxSec=), on every host, and is not started again.',
  because:
    'The app served and was well when systemd ended it: the unit is failed by timeout, its journal says that the time to run is over, and nobody listens.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 14,
  inject: ({ web }) =>
    web.forEach((host) => changeUnit(host, 'shop', ['[Service]', 'RuntimeMaxSec=6', 'Restart=no'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-failed', 'unit-inactive'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
