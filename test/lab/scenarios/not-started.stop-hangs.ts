import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody stops the app on every host; it closes its port at once, but waits long for requests that hang.',
  because:
    'The units are deactivating (stop-sigterm) for as long as their workers wait: no new run, and nobody listens.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      const hang = 'curl -s -m 60 -H "Host: shop.lab.test" http://127.0.0.1/sleep?40 >/dev/null 2>&1 &';
      host.sh(`${hang} ${hang} sleep 0.3; systemctl stop --no-block shop`);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('systemctl kill -s KILL shop 2>/dev/null || :; pkill -f "[s]leep?40" || :');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    hop: 'balancer',
    notSaid: ['overload', 'deployment'],
  },
});
