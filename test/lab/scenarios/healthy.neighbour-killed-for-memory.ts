import { defineScenario } from '../scenario.js';

const UNIT = 'lab-shipper';
/** Keeps all that it reads, until it is more than its unit may be. */
const LEAK = `
import sys, time
kept = []
while True:
    kept.append(b"x" * (1 << 20))
    if len(kept) % 4 == 0:
        print("shipper: batches wait, upstream answers 503 Service Unavailable", file=sys.stderr, flush=True)
    time.sleep(0.05)
`;

export default defineScenario({
  fault:
    'A shipper of logs beside the app is killed for memory every few seconds on two hosts, and complains of 503 until it is.',
  because:
    'The kernel kills for memory, and a unit fails again and again: another one, at the limit of its own. The app has its memory, and users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: ({ host }) =>
    [host('web-1'), host('web-3')].forEach((each) =>
      each.run(
        ...['systemd-run', '-q', `--unit=${UNIT}`, '-p', 'MemoryMax=24M'],
        ...['-p', 'Restart=always', '-p', 'RestartSec=3', 'python3', '-c', LEAK],
      ),
    ),
  heal: ({ host }) =>
    [host('web-1'), host('web-3')].forEach((each) =>
      each.sh(`systemctl stop ${UNIT} 2>/dev/null || :; systemctl reset-failed ${UNIT} 2>/dev/null || :
        journalctl -q --rotate --vacuum-time=1s`),
    ),
  expect: { status: 'healthy', cause: null },
});
