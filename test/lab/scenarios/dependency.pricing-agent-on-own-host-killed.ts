import { setTimeout as sleep } from 'node:timers/promises';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/systemd/system/pricing.service';
const SOCKET = '/run/pricing.sock';
const UNIT = [
  '[Unit]',
  'Description=Price list of the day',
  '[Service]',
  `ExecStart=/usr/bin/socat UNIX-LISTEN:${SOCKET},fork,backlog=64,unlink-early,mode=666 "EXEC:/bin/echo 1"`,
].join('\n');

/** What each page of the shop has asked for long, on a unix socket of its own host. */
const ASK_PRICES = [
  'def factor_of_today():',
  '    with socket.socket(socket.AF_UNIX) as agent:',
  '        agent.settimeout(3)',
  `        agent.connect("${SOCKET}")`,
  '        return float(agent.recv(32))',
].join('\\n');
const OLD_CODE = [
  's|^import os$|&\\nimport socket|',
  `s|^def page(|${ASK_PRICES}\\n\\n\\n&|`,
  's|^            step = "payments"$|            step = "prices"\\n            factor_of_today()\\n&|',
].join('; ');

export default defineScenario({
  fault:
    'Each page asks an agent on its own host for the prices of the day, by a unix socket; somebody killed the agent on every host for its memory, and nothing starts it again. Nobody told diag503 that there is one.',
  because:
    'Every page fails with "prices: Connection refused", which no address goes with. Database, cache and payments answer at once, the health page is well; on each host a unit called pricing has failed, by signal 9, just before.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    for (const host of lab.web) {
      host.run('sh', '-euc', `printf '%s\\n' "$1" >${FILE}; touch -d '9 days ago' ${FILE}`, 'sh', UNIT);
      host.sh(`systemctl daemon-reload; systemctl start pricing
        for i in $(seq 30); do [ -S ${SOCKET} ] && break; sleep 0.1; done`);
      wakeBug(host, 'shop', 'app.py', OLD_CODE);
    }
    // The workers with the code of before have ended by then.
    await sleep(6000);
    await untilWell(lab);
    lab.web.forEach((host) => host.run('systemctl', 'kill', '--signal=KILL', 'pricing'));
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      host.sh(`systemctl stop pricing 2>/dev/null || :; systemctl reset-failed pricing 2>/dev/null || :
        rm -f ${FILE} ${SOCKET}; systemctl daemon-reload`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['neighbour-unit-down', 'undeclared-dependency', 'app-blames-dependency', 'dependency-unreachable'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'routing',
      'deliberate',
      'certificate-expired',
      'dependency-slow',
    ],
  },
});
