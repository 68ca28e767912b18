import { askMany } from '../faults/ask-many.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const VISITS = '/var/lib/shop/visits';

export default defineScenario({
  fault:
    'The file of the visits was made a named pipe for a shipper of logs, which nobody has started: whoever opens it waits for a reader, on every host.',
  because:
    'Every worker is in a request, uses no CPU and waits for no connection: it hangs in the opening of a file of its own host. Checks find no free worker, and all that the app depends on answers at once.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ web }) => {
    web.forEach((host) =>
      host.sh(`mv ${VISITS} /root/visits.kept; mkfifo ${VISITS}; chown www-data ${VISITS}`),
    );
    askMany(['http://shop.lab.test/'], 40, 30);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`[ ! -e /root/visits.kept ] || mv -f /root/visits.kept ${VISITS}`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
