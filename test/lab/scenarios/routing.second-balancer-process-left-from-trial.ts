import { defineScenario } from '../scenario.js';

const UNIT = 'haproxy-trial';
const FILE = '/root/haproxy-trial.cfg';

/** As it was when the desk was tried out on port 9101; without the sockets and the metrics, which the real one has. */
const COPY = `sed -e '/^    stats socket /d' -e '/^frontend metrics$/,/^$/d' -e 's/:9100$/:9101/' /etc/haproxy/haproxy.cfg`;

export default defineScenario({
  fault:
    'Somebody tried a configuration of the balancer out by a second HAProxy beside the first and never ended it: it listens on port 80 as well, the kernel gives it every second connection, and it looks for the desk on port 9101.',
  because:
    'Half of the requests get 503 of HAProxy at once, with desk/<NOSRV> in lines of another process, and half are served. The balancer that runs as a service has every member up and counts no error; two processes listen on port 80 of its host. The desk is well on port 9100 of every host, and nobody listens on the port that the second one asks.',
  service: 'desk',
  users: [200, 503],
  settleSeconds: 14,
  inject: ({ host }) =>
    void host('lb-1').sh(`${COPY} >${FILE}
      systemd-run -q --collect --unit=${UNIT} --property=TimeoutStopSec=3 /usr/sbin/haproxy -db -f ${FILE}`),
  heal: ({ host }) =>
    void host('lb-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :
      systemctl reset-failed ${UNIT} 2>/dev/null || :
      rm -f ${FILE}`),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'deliberate',
    ],
  },
});
