import { changePool, endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP. A tuning raised pm.max_spare_servers to 35 in the file of its pool and left pm.max_children at five; php-fpm takes that for a mistake and does not start, on every host.',
  because:
    'The unit fails at each start, with status 78: "pm.max_spare_servers(35) cannot be greater than pm.max_children(5)", "FPM initialization failed". nginx still listens, on the port of the health page as well, and says 502 for want of a socket behind it. The app does not run at all.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    lab.web.forEach((host) => changePool(host, 's/^pm.max_spare_servers = .*/pm.max_spare_servers = 35/'));
  },
  heal: ({ web }) => web.forEach(endPhpShop),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'deliberate', 'routing'],
  },
});
