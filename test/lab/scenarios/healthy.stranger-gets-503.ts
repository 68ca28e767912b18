import { endLoad, startLoad } from '../faults/load.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A scanner asks the balancer by its address, for which there is no rule, and gets 503 each time.',
  because:
    'The log of HAProxy is full of <NOSRV> SC, all of them of the frontend and none of a pool: who asks by name gets 200.',
  service: 'desk',
  users: [200],
  settleSeconds: 12,
  inject: () => startLoad(`http://${HOSTS['lb-1'].address}/`, 2, 300),
  heal: endLoad,
  expect: { status: 'healthy', cause: null },
});
