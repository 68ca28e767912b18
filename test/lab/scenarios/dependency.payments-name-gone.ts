import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const ZONE = '/etc/dnsmasq.d/lab.conf';
const names = (lab: Lab, script: string): void => {
  lab.host('ns-1').run('sh', '-euc', script, 'sh', ZONE);
};

export default defineScenario({
  fault: 'The name of the payment service was taken out of the DNS.',
  because:
    'The name server answers at once that the name does not exist (NXDOMAIN); all other names are there.',
  service: 'shop',
  users: [503],
  inject: (lab) =>
    names(
      lab,
      'cp -p "$1" /root/kept.conf; sed -i /payments/d "$1"; echo local=/lab.test/ >>"$1"; systemctl restart dnsmasq',
    ),
  heal: (lab) => names(lab, 'mv -f /root/kept.conf "$1"; systemctl restart dnsmasq'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-unreachable',
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections', 'deployment'],
  },
});
