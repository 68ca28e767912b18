import { startAnew } from '../faults/start-anew.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

/** Nothing listens there, and the host is up. */
const PROXY = `http://${HOSTS['ns-1'].address}:3128`;

export default defineScenario({
  fault:
    'The settings of the shop tell it to call the outside by a proxy (https_proxy) that was switched off; every host was restarted and now goes by it.',
  because:
    'Every page fails with "payments: Connection refused", yet payments answers whoever asks it from the same hosts without the proxy: it is the way that is gone. The health page needs no payments, so the members stay up.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`cp -p /etc/shop/env /root/env.kept; echo 'https_proxy=${PROXY}' >>/etc/shop/env
        touch -r /root/env.kept /etc/shop/env; systemctl restart shop`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('[ ! -e /root/env.kept ] || mv -f /root/env.kept /etc/shop/env');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'undeclared-dependency'],
    hop: 'app',
    notSaid: [
      ...['database-connections', 'overload', 'not-started', 'deployment', 'health-check'],
      ...['deliberate', 'dependency-unreachable'],
    ],
  },
});
