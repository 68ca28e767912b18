import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'cold-backup';
const TAPE = '/var/backups/tape';
const SCRIPT = `systemctl stop shop; tar -cf - -C /var/lib shop | gzip >${TAPE}; systemctl start shop`;

export default defineScenario({
  fault:
    'A backup stops the app, copies its files and starts it again; the pipe into which it copies has no reader any more, so it waits there with the app stopped, on every host.',
  because:
    'The unit was stopped in order and is inactive, with no failure of its own, and nobody listens on its port. The backup that meant to start it again is still running and uses no CPU: nothing will start the app as long as that waits.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`mkdir -p /var/backups; [ -p ${TAPE} ] || mkfifo ${TAPE}`);
      host.run(
        ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'],
        ...['sh', '-c', SCRIPT],
      );
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -f ${TAPE}`);
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['overload', 'deployment', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
