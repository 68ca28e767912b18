import type { LabHost } from '../host.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/nftables.conf';

/** What many begin with, without its line `iif "lo" accept`. */
const RULES = `#!/usr/sbin/nft -f

flush ruleset

table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ct state invalid drop
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22, 80, 9100 } accept
  }
}
`;

const setRules = (host: LabHost): void => {
  const script = `[ -e ${FILE}.kept ] || cp -p ${FILE} ${FILE}.kept; printf '%s' "$1" >${FILE}; nft -f ${FILE}`;
  host.run('sh', '-euc', script, 'sh', RULES);
};

const removeRules = (host: LabHost): void => {
  host.sh(`nft delete table inet filter 2>/dev/null || :
    [ ! -e ${FILE}.kept ] || mv -f ${FILE}.kept ${FILE}
    truncate -s 0 /var/log/nginx/error.log`);
};

export default defineScenario({
  fault:
    'Every host of the app got a firewall that lets in SSH, port 80 and port 9100 and drops the rest; its author forgot the loopback, by which nginx calls the shop.',
  because:
    'nginx answers 504 after two seconds and logs "upstream timed out (110: Connection timed out) while connecting to upstream" for 127.0.0.1:8000. The unit runs and listens there, its queue is empty and its workers have nothing to do: what is sent to them never arrives, not even from their own host. Port 80 and the desk on 9100 are reached from outside as ever.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach(setRules),
  heal: ({ web }) => web.forEach(removeRules),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
