import { endLoad, startLoad } from '../faults/load.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Many users at once, and all are served.',
  because: 'Workers are busy and queues short: load alone is no trouble where everybody gets 200.',
  service: 'shop',
  users: [200],
  inject: () => startLoad('http://shop.lab.test/', 6, 50),
  heal: endLoad,
  expect: { status: 'healthy', cause: null },
});
