import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The lines of a much larger site were taken over on the balancer (minconn 1 maxconn 60, fullconn 6000): a member gets its sixty places only when six thousand customers are there, and one while there are few. Customers of a slow page have taken the three that there are.',
  because:
    'HAProxy logs <NOSRV> sQ: requests waited four seconds in its queue, though each member shows a limit of sixty and is far from it. Each host has workers free and answers at once; nothing that the app depends on is slow.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    changeBalancer(
      lab,
      's/^    server web-.*:80$/& minconn 1 maxconn 60/; s/^backend shop/&\\n    fullconn 6000/',
    );
    startLoad('http://shop.lab.test/sleep?25', 24);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['concurrency-limited', 'workers-busy'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started', 'routing', 'deployment'],
  },
});
