import { endLoad, startLoad } from '../faults/load.js';
import { limitRateOf, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx lets two requests a second of one client through; behind the balancer all users are one client.',
  because:
    'The 503 bears the marks of nginx and comes at once; its log says "limiting requests", always for the address of the balancer. The app answers.',
  service: 'shop',
  users: [503],
  inject: ({ web }) => {
    web.forEach((host) => limitRateOf(host, '/'));
    startLoad('http://shop.lab.test/', 6, 30);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: 'confirmed',
    root: 'rate-limited',
    hop: 'proxy',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'routing'],
  },
});
