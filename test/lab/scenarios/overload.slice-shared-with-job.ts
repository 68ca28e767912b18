import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const SLICE = 'business.slice';
const FILE = `/etc/systemd/system/${SLICE}`;
const JOB = 'stocktaking';

export default defineScenario({
  fault:
    'The app was moved into a slice that it shares with a stock-taking (Slice=business.slice), and the slice may have sixteen processes and threads in all: the job has every one of them, on every host, and the app was restarted.',
  because:
    'gunicorn ends at its first fork with "Resource temporarily unavailable", again and again. The unit has no limit of its own and hardly a process; it is the slice above that is full, and a job beside the app that fills it.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`printf '[Slice]\\nTasksMax=16\\n' >${FILE}; systemctl daemon-reload`);
      host.run(
        ...['systemd-run', '-q', '--collect', `--unit=${JOB}`, `--slice=${SLICE}`, 'python3', '-c'],
        'import threading, time\nfor _ in range(15):\n    threading.Thread(target=time.sleep, args=(900,)).start()',
      );
      host.sh(`for i in $(seq 30); do
          grep -q '^Threads:.16$' "/proc/$(systemctl show -P MainPID ${JOB})/status" && break; sleep 0.2; done`);
      changeUnit(host, 'shop', ['[Service]', `Slice=${SLICE}`]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`systemctl stop ${JOB} 2>/dev/null || :`);
      restoreUnit(host, 'shop');
      host.sh(`systemctl stop ${SLICE} 2>/dev/null || :; rm -f ${FILE}; systemctl daemon-reload`);
    }),
  expect: {
    // That it does not start, or that a limit is used up: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['tasks-exhausted', 'unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
