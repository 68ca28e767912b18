import { endLoad, startLoad } from '../faults/load.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP, with two children of php-fpm on each host and a queue of four at its socket (listen.backlog); a crowd asks for a page that takes a child three seconds.',
  because:
    'nginx answers 502 at once and logs "connect() to unix:/run/shop/php.sock failed (11: Resource temporarily unavailable)": the queue of that socket is full. The children are all in a request, wait for nothing outside and go on with the next as soon as they are done. They are too few for the crowd.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) =>
      runPhpShop(host, { pool: ['listen.backlog = 4', 'pm = static', 'pm.max_children = 2'] }),
    );
    await untilWell(lab);
    startLoad('http://shop.lab.test/sleep?3', 60);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'deployment', 'deliberate'],
  },
});
