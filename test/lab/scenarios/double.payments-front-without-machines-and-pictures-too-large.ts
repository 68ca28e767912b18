import { endProgram, startProgram } from '../faults/background-program.js';
import { startAnew } from '../faults/start-anew.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

const FRONT = 'payments-front';
const CONFIG = '/etc/haproxy/payments-front.cfg';
const PARTNER = 'partner-pictures';

const FRONT_CONFIG = [
  'global',
  '    maxconn 400',
  'defaults',
  '    mode tcp',
  '    timeout connect 2s',
  '    timeout client 30s',
  '    timeout server 30s',
  'frontend payments',
  '    bind :8443',
  '    default_backend machines',
  'backend machines',
  '    balance roundrobin',
  '    default-server check inter 1s fall 1 rise 2',
  '    server pay-a 127.0.0.1:9443',
  '    server pay-b 127.0.0.1:9444',
].join('\n');

/** A partner whose pictures have three megabytes since he has a new camera. */
const PICTURES = `
import time, urllib.request
picture = bytes(3 * 1024 * 1024)
while True:
    try:
        request = urllib.request.Request("http://${HOSTS['lb-1'].address}/partner/pictures", data=picture)
        request.add_header("Host", "shop.lab.test")
        request.add_header("Content-Type", "image/jpeg")
        urllib.request.urlopen(request, timeout=5).read()
    except Exception:
        pass
    time.sleep(0.4)
`;

export default defineScenario({
  fault:
    'The payment service moved behind a front of its own on the old port, which passes connections on (mode tcp), and both machines behind it are not there: whoever connects is let in and cut off. Besides, a partner sends pictures of three megabytes to the shop all the time, and nginx refuses each as too large.',
  because:
    'Each page names payments: the connection opens and is cut off before the handshake of TLS is done, from every host. The balancer has all members up, for the health page does without payments. The error log of nginx speaks of nothing but bodies that are too large, with 413 for each: true, of one partner, and no page of a customer fails for it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ host }) => {
    startProgram(host('cache-1'), PARTNER, PICTURES);
    const front = host('pay-1');
    front.run('sh', '-euc', `printf '%s\\n' "$1" >${CONFIG}`, 'sh', FRONT_CONFIG);
    front.sh('systemctl stop payments');
    front.run(
      ...['systemd-run', '-q', '--collect', `--unit=${FRONT}`, '--property=TimeoutStopSec=3'],
      ...['/usr/sbin/haproxy', '-db', '-f', CONFIG],
    );
  },
  heal: (lab) => {
    endProgram(lab.host('cache-1'), PARTNER);
    const front = lab.host('pay-1');
    endProgram(front, FRONT);
    front.sh(`rm -f ${CONFIG}
      systemctl reset-failed payments 2>/dev/null || :
      systemctl start payments`);
    for (const host of lab.web) {
      startAnew(host, 'shop');
      host.run('truncate', '-s', '0', '/var/log/nginx/error.log');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-unreachable',
      'dependency-failing',
      'app-blames-dependency',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: [
      'certificate-expired',
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
