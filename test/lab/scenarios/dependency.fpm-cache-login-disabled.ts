import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP and opens the cache anew with each page. A hardening turned the default login of Redis off, which the shop uses (ACL SETUSER default off); the desk keeps its old session there.',
  because:
    'The app answers a bare 503 and logs "RedisException: WRONGPASS invalid username-password pair or user is disabled." for each page and each check. Redis runs and lets in a login of its own, such as that of a monitoring; it is the login of the shop that it refuses.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    lab
      .host('cache-1')
      .run('redis-cli', '--no-auth-warning', '-a', 'cache-secret', 'ACL', 'SETUSER', 'default', 'off');
  },
  heal: (lab) => {
    // What was set stands in no file, and nobody is left who could set it back.
    lab.host('cache-1').run('systemctl', 'restart', 'redis-server');
    lab.web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    notSaid: ['overload', 'database-connections', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});
