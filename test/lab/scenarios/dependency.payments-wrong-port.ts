import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The settings of the shop name a port of the payment service on which nothing listens; the app was restarted with them.',
  because:
    'Every page fails with "payments: Connection refused", while the payment service answers on the port that it has: the address in the settings is wrong.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`cp -p /etc/shop/env /root/env.kept; sed -i 's/:8443/:9443/' /etc/shop/env
        touch -r /root/env.kept /etc/shop/env; systemctl restart shop`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('mv', '-f', '/root/env.kept', '/etc/shop/env');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['likely', 'possible'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'not-started', 'health-check', 'dependency-unreachable'],
  },
});
