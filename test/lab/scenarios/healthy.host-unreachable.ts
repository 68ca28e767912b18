import { allowSsh, blockSsh } from '../faults/ssh.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'One host lets nobody in by SSH; the service is well.',
  because:
    'Users get 200 and every member is up. That one host was not looked at must be said, and is no cause.',
  service: 'shop',
  users: [200],
  settleSeconds: 0,
  inject: ({ host }) => blockSsh(host('web-2')),
  heal: ({ host }) => allowSsh(host('web-2')),
  expect: { status: 'healthy', cause: null },
});
