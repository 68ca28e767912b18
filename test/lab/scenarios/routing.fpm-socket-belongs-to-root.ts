import { changePool, endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP. An upgrade of packages put the file of its pool back to what is delivered, without listen.owner and listen.group, and restarted php-fpm: the socket belongs to root now, on every host.',
  because:
    'php-fpm runs, listens on its socket and complains of nothing. nginx answers 502 and logs "connect() to unix:/run/shop/php.sock failed (13: Permission denied)": it runs as www-data and may not open a socket of root. The way between the two is shut, and neither of them is down.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    lab.web.forEach((host) =>
      changePool(
        host,
        's/^listen.owner = .*/;listen.owner =/; s/^listen.group = .*/;listen.group =/; s/^listen.mode = .*/;listen.mode = 0660/',
      ),
    );
  },
  heal: ({ web }) => web.forEach(endPhpShop),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
