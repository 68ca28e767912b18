import { changeBalancer, restoreBalancer, writeBalancerPage } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const PAGE = '/etc/haproxy/closed.http';

/** Only once the balancer has the new configuration is there a switch. */
const SWITCH_ON = `for i in $(seq 50); do
    ! echo 'enable server switches/desk; show servers state switches' |
      socat -t2 stdio /run/haproxy/lab.sock | grep -q ' desk 127.0.0.1 2 ' || exit 0
    sleep 0.3
  done
  exit 1`;

export default defineScenario({
  fault:
    'The switch for maintenance at the balancer is a server that does not exist: while it is enabled (srv_is_up), the desk is led to a pool without servers, whose 503 is a page about maintenance. Somebody enabled it for a window and forgot it.',
  because:
    'HAProxy logs closed/<NOSRV> and 503 at once for every request of the desk, with a page that speaks of maintenance. The pool of the desk is up and answers whoever asks it; the other pool is empty because it is meant to be, and a person on the socket turned it on.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    writeBalancerPage(lab, PAGE, '<h1>The desk is closed for maintenance</h1>');
    changeBalancer(
      lab,
      [
        's/^    use_backend desk .*/    use_backend closed if { hdr(host) -i desk.lab.test } { srv_is_up(switches\\/desk) }\\n&/',
        `s,^backend desk$,backend switches\\n    server desk 127.0.0.1:9 disabled\\n\\nbackend closed\\n    errorfile 503 ${PAGE}\\n\\n&,`,
      ].join(';'),
    );
    lab.host('lb-1').sh(SWITCH_ON);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', PAGE);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'health-check',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'no-route-matched',
    ],
  },
});
