import { useCertificate } from '../faults/certificate.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const ZONE = '/etc/dnsmasq.d/lab.conf';
const names = (lab: Lab, script: string): void => {
  lab.host('ns-1').run('sh', '-euc', script, 'sh', ZONE);
};

export default defineScenario({
  fault:
    'The name of the cache was taken out of the DNS, which shows since the app was restarted on every host; the certificate of the payment service has expired as well.',
  because:
    'All members are DOWN with L7STS 503, and that page names the cache, whose name does not exist. A handshake with payments fails from every host, too: once the name is back, pages would still fail. Both are dependencies, and both must be said.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    useCertificate(lab, 'expired.crt');
    names(
      lab,
      'cp -p "$1" /root/kept.conf; sed -i /cache/d "$1"; echo local=/lab.test/ >>"$1"; systemctl restart dnsmasq',
    );
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  heal: (lab) => {
    names(lab, '[ ! -e /root/kept.conf ] || mv -f /root/kept.conf "$1"; systemctl restart dnsmasq');
    useCertificate(lab, 'server.crt');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    found: ['dependency-unreachable', 'certificate-expired'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing'],
  },
});
