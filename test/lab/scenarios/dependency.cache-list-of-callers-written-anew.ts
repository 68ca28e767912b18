import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { HOST_NAMES, HOSTS } from '../topology.js';

const PID = '/run/callers-sync.pid';
/** The machine of the monitoring comes first, the others by their names. */
const CALLERS = ['10.203.0.1', ...[...HOST_NAMES].sort().map((name) => HOSTS[name].address)];

/** Empties the list, then asks the inventory for one machine after the other, which takes a second for each. */
const PROGRAM = `
import subprocess, time
CALLERS = ${JSON.stringify(CALLERS)}
def nft(line):
    subprocess.run(["nft", line], check=True)
nft("add table inet callers")
nft("add set inet callers known { type ipv4_addr; }")
nft("add chain inet callers input { type filter hook input priority 0; }")
nft("flush chain inet callers input")
nft("add rule inet callers input iif lo accept")
nft("add rule inet callers input tcp dport 6379 ip saddr != @known reject with tcp reset")
while True:
    nft("flush set inet callers known")
    for address in CALLERS:
        nft("add element inet callers known { %s }" % address)
        time.sleep(1)
    print("callers-sync: %d machines may call the cache" % len(CALLERS), flush=True)
    time.sleep(6)
`;

export default defineScenario({
  fault:
    'A new job on the host of the cache writes the list of machines that may call Redis, and does it over and over: it empties the list, asks the inventory for one machine after the other, which takes a second for each, and rests some seconds. Until their turn comes the hosts of the app are refused.',
  because:
    'For seven to nine seconds Redis resets and refuses the hosts of the app, pages and health page name it ("Error 111 connecting to cache…: Connection refused") and the balancer takes members out; then all is well for some seconds, and it begins again, on every host at the same moments. Redis itself has not been restarted, and pooler and database answer all the time: its port is closed from time to time.',
  service: 'shop',
  users: [503],
  settleSeconds: 20,
  // A unit of the host may not touch its network.
  inject: ({ host }) => {
    const start = `setsid python3 -c "$1" </dev/null >/dev/null 2>&1 & echo $! >${PID}`;
    host('cache-1').run('sh', '-euc', start, 'sh', PROGRAM);
  },
  heal: (lab) => {
    const cache = lab.host('cache-1');
    cache.sh(`kill $(cat ${PID} 2>/dev/null) 2>/dev/null || :; rm -f ${PID}`);
    cache.sh('nft delete table inet callers 2>/dev/null || :');
    for (const host of lab.web) {
      startAnew(host, 'desk');
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-unreachable',
      'app-blames-dependency',
      'app-refused-by-dependency',
      'dependency-failing',
    ],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
