import { endOtherShop } from '../faults/other-shop.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Redis is stopped, and so a shop of Ruby does not come back from a restart: each worker of Puma reads its switches out of Redis as it boots, and fails. The master of Puma stays, keeps the port open and tries the next.',
  because:
    'The unit is active and its port takes connections, but nobody answers on them: the journal has "Unable to start worker" of one process after the other, each in establish_connection of the client of Redis. Nothing listens at the cache; the code and the unit are as they were, so the busy CPU of so many starts follows from it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runRubyShop(
      lab,
      [['\nclass Shop\n', '\nSWITCHES = CACHE.hgetall("switches").freeze\n\nclass Shop\n']],
      // Without a preloaded app, as phased restarts want it.
      '-w 2 --prune-bundler',
    );
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
    lab.web.forEach((host) => host.run('systemctl', 'restart', '--no-block', 'shop'));
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: ['database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
