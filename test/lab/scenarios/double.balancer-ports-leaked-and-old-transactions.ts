import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { defineScenario } from '../scenario.js';
import { HOSTS, WEB } from '../topology.js';

const UNIT = 'lab-prober';
/** Through a proc of its own for a moment: the one that a host has is read-only there. */
const setRange = (range: string): string =>
  `unshare --mount sh -euc 'mount -t proc proc /mnt; echo ${range} >/mnt/sys/net/ipv4/ip_local_port_range'`;

/** Opens connections to each of these addresses and forgets them, as many as there are ports. */
const PROGRAM = `
import socket, sys, time
kept = []
while True:
    for address in sys.argv[1:]:
        try:
            while True:
                kept.append(socket.create_connection((address, 80), timeout=1))
        except OSError:
            pass
    time.sleep(0.02)
`;

export default defineScenario({
  fault:
    'A monitoring agent on the balancer leaks connections to port 80 of every host of the app until the balancer itself has no port left to call them from; besides, a report has left ten transactions open in the database.',
  because:
    'HAProxy says "Connect() failed for backend shop: no free ports": it is its own host that gives it none. nginx and the app answer on every host, and the desk, on another port of the same hosts, is well. The transactions are true, lock nothing and leave slots: innocent.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'report',
      sessions: 10,
      statements: ['select count(*) from orders'],
      inTransaction: true,
    });
    const balancer = lab.host('lb-1');
    balancer.sh(setRange('61000 61059'));
    const addresses = WEB.map((name) => HOSTS[name].address);
    balancer.run(
      ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM],
      ...addresses,
    );
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    // With the range that Linux has where nobody sets another.
    lab.host('lb-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :; ${setRange('32768 60999')}`);
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['kernel-table-full', 'member-unreachable'],
    hop: 'balancer',
    notSaid: ['database-connections', 'dependency', 'not-started', 'deployment', 'deliberate'],
  },
});
