import { endLoad, startLoad } from '../faults/load.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const POOL = [
  'pm = dynamic',
  'pm.max_children = 3',
  'pm.start_servers = 1',
  'pm.min_spare_servers = 1',
  'pm.max_spare_servers = 2',
  'php_admin_value[error_reporting] = 32767',
];

export default defineScenario({
  fault:
    'The shop is written in PHP and busy: php-fpm has as many children as it may and says so (pm.max_children), and each page complains of a function that PHP gives up; everybody is served.',
  because:
    'The log of every host is full of "server reached pm.max_children setting (3), consider raising it" and "PHP Deprecated: Function utf8_encode() is deprecated", and yet each page and each check is a 200 in good time: a request waits some milliseconds for a child at most.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: async (lab) => {
    lab.web.forEach((host) =>
      runPhpShop(host, {
        pool: POOL,
        code: (index) => index.replace(`['status' => 'ok',`, `['status' => utf8_encode('ok'),`),
      }),
    );
    await untilWell(lab);
    startLoad('http://shop.lab.test/', 6, 400);
    // Six that take a little longer, two on each host.
    startLoad('http://shop.lab.test/sleep?0.3', 6, 100);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endPhpShop);
  },
  expect: { status: 'healthy', cause: null },
});
