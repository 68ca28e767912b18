import { endOtherShop } from '../faults/other-shop.js';
import { deployRuby, runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release r42 of a shop of Ruby wants a gem that its deploy did not install (require "stripe"), and went out to every host at once.',
  because:
    'Puma ends at each start with "Unable to load application: LoadError: cannot load such file -- stripe", since the link changed to r42 on every host. The release before ran until then; a rollback mends it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runRubyShop(lab);
    lab.web.forEach((host) =>
      deployRuby(host, 'r42', [['require "redis"\n', 'require "redis"\nrequire "stripe"\n']]),
    );
  },
  heal: (lab) => lab.web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-failing',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
