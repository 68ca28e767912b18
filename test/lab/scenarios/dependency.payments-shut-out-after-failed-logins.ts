import { endOtherShop } from '../faults/other-shop.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

const SCRIPT = '/usr/local/sbin/sshban';
const PAYMENTS = HOSTS['pay-1'].address;
const GUARDED = ['web-1', 'web-2'] as const;

const SSHBAN = `#!/bin/sh
# Shuts out whoever fails to log in by SSH five times in ten minutes.
journalctl -q -t sshd --since '10 minutes ago' -o cat |
  sed -n 's/^Invalid user .* from \\([0-9.]*\\) port .*/\\1/p' | sort | uniq -c |
  while read -r times address; do
    [ "$times" -ge 5 ] || continue
    ip route replace unreachable "$address" && echo "ban $address ($times failures)"
  done
`;

/** How the accounts of the day are fetched; the login was removed from the hosts of the shop. */
const FETCH = `for i in 1 2 3 4 5 6; do
  ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \\
    -o ConnectTimeout=3 "ledger@$1" true </dev/null >/dev/null 2>&1 || :
done`;

export default defineScenario({
  fault:
    'A job on the host of the payment service fetches a file from the hosts of the shop by SSH, with a login that was removed. On web-1 and web-2 a guard against password guessing took it for an attacker and gave its address an unreachable route; web-3 has no such guard. The shop is written in Ruby.',
  because:
    'Two thirds of the pages fail, all on web-1 and web-2, with "Failed to open TCP connection to payments.lab.test:8443 (No route to host)", and so does whoever calls it from there; from web-3 it answers 200 at once. All three run the same release since days, and members are up, for the health page does not ask payments.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: async (lab) => {
    await runRubyShop(lab);
    for (const { run } of lab.web) run('systemctl', 'start', '--no-block', 'systemd-tmpfiles-clean');
    for (const name of GUARDED) lab.host('pay-1').run('sh', '-c', FETCH, 'sh', HOSTS[name].address);
    for (const name of GUARDED) {
      const host = lab.host(name);
      host.run('sh', '-euc', `printf '%s' "$1" >${SCRIPT}; chmod 755 ${SCRIPT}`, 'sh', SSHBAN);
      host.run('touch', '-d', '9 days ago', SCRIPT);
      host.sh(`for i in 1 2 3 4 5; do
          ${SCRIPT}
          ip route show type unreachable | grep -q '${PAYMENTS}' && exit 0
          sleep 0.5
        done; echo "${PAYMENTS} was not shut out" >&2; exit 1`);
    }
  },
  heal: (lab) => {
    for (const host of lab.web) {
      host.sh(`systemctl reset-failed systemd-tmpfiles-clean 2>/dev/null || :
        rm -f ${SCRIPT}
        ip route del unreachable ${PAYMENTS} 2>/dev/null || :`);
      endOtherShop(host);
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});
