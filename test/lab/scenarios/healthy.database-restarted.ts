import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The database was restarted under the app a few seconds ago.',
  because: 'The app lost its sessions and opened new ones: it is over.',
  service: 'shop',
  users: [200],
  settleSeconds: 5,
  inject: (lab) => void lab.host('db-1').run('systemctl', 'restart', 'postgresql@15-main'),
  heal: () => undefined,
  expect: { status: 'healthy' },
});
