import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'keepalive';
/** The app has never listened on 8080. */
const SCRIPT = `while :; do
  curl -sf -m 1 -o /dev/null http://127.0.0.1:8080/health/ || {
    echo "CRITICAL: shop does not answer, its database must be down again; restarting it"
    systemctl reset-failed shop
    systemctl restart shop
  }
  sleep 0.7
done`;

export default defineScenario({
  fault:
    'Somebody wrote a watchdog in the night that asks the shop on a port on which it has never listened, takes the silence for a death and restarts it, again and again, on every host; in its own words the database is down.',
  because:
    'The unit never fails and systemd counts no restart of its own: it is stopped and started by request every second, and is never up for long enough to be taken back. What the watchdog says of the database is a guess: nobody was refused anything.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.run(
        ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3', 'sh', '-c'],
        SCRIPT,
      ),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
