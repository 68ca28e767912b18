import { endLoad, startLoad } from '../faults/load.js';
import { changePool, endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP and each child of php-fpm keeps its connection of the database for ever (PDO::ATTR_PERSISTENT). For a sale somebody raised pm.max_children from three to forty on every host; the database has room for 27.',
  because:
    'Nearly all slots of the database belong to the shop itself, idle, from its own hosts, and whichever child has none yet is refused: "FATAL: remaining connection slots are reserved". It is the sum of the children over all hosts that is more than the server gives; the server itself is well.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) =>
      runPhpShop(host, {
        pool: ['pm = static', 'pm.max_children = 3'],
        code: (index) => index.replace('PDO::ATTR_PERSISTENT => false', 'PDO::ATTR_PERSISTENT => true'),
      }),
    );
    await untilWell(lab);
    lab.web.forEach((host) => changePool(host, 's/^pm.max_children = .*/pm.max_children = 40/'));
    startLoad('http://shop.lab.test/', 10, 250);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    notSaid: ['dependency', 'not-started', 'routing', 'deployment', 'deliberate'],
  },
});
