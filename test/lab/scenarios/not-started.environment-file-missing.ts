import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The EnvironmentFile= of the unit is gone on every host, and the unit is restarted.',
  because: 'Result resources with "Failed to load environment files": systemd could not prepare the start.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => host.sh('mv /etc/shop/env /etc/shop/env.kept; systemctl restart --no-block shop')),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('[ ! -e /etc/shop/env.kept ] || mv /etc/shop/env.kept /etc/shop/env');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-failed', 'unit-crash-looping'],
    hop: 'balancer',
  },
});
