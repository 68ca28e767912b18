import { endLoad, startLoad } from '../faults/load.js';
import { limitRateOf, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx lets two requests a second through to one page; users of another page are served.',
  because:
    'The public page answers 200, and yet the log of HAProxy has 503 for the other page all the time, passed on from behind; nginx says "limiting requests".',
  service: 'shop',
  users: [200],
  settleSeconds: 32,
  inject: ({ web }) => {
    web.forEach((host) => limitRateOf(host, '/sleep'));
    startLoad('http://shop.lab.test/sleep?0', 3, 200);
    startLoad('http://shop.lab.test/', 2, 500);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: 'rate-limited',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'routing'],
  },
});
