import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const LOCK = '/var/lib/desk.lock';

export default defineScenario({
  fault:
    'The unit starts the app by flock, so that it never runs beside its backup; the backup hangs and keeps the lock, and every host was restarted.',
  because:
    'active and running, says systemd, of a flock that waits: the app was never begun, nothing failed, and nothing listens on the port.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`touch -d '9 days ago' ${LOCK}
        systemd-run -q --collect --unit=desk-backup flock ${LOCK} sleep 900; sleep 0.5`);
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStart=',
        `ExecStart=/usr/bin/flock ${LOCK} /usr/bin/gunicorn --workers 1 --threads 8 --backlog 32 --bind 0.0.0.0:9100 --timeout 60 --graceful-timeout 3 main:app`,
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('systemctl stop desk-backup 2>/dev/null || :');
      restoreUnit(host, 'desk');
      host.run('rm', '-f', LOCK);
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['port-not-listening', 'port-refused', 'unit-starting'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'routing', 'deliberate'],
  },
});
