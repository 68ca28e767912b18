import { endLoad, startLoad } from '../faults/load.js';
import { endOtherShop } from '../faults/other-shop.js';
import { runRubyShop, setPumaThreads } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'A shop of Ruby keeps a session of the database for each thread of Puma; somebody gave it forty threads instead of five on every host, before a sale, and restarted it.',
  because:
    'Three hosts with forty threads want 120 sessions and the database has 27: the app itself holds them, idle, and whoever is on a thread without one gets "remaining connection slots are reserved" or "too many clients already". Nobody else has taken them and nothing leaks.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runRubyShop(lab);
    lab.web.forEach((host) => {
      host.run('systemctl', 'stop', 'shop');
      setPumaThreads(host, 40);
    });
    // All three at once: a host that began before the others would have a session for each thread.
    await untilWell(lab);
    startLoad('http://shop.lab.test/', 60, 400);
  },
  heal: (lab) => {
    endLoad();
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    notSaid: ['dependency', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
