import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening took the right to write in /dev/shm from everybody but root, on every host. Nobody restarted the app, but its workers are replaced after five requests, and for each new one gunicorn makes a file there: the master dies of it, and so does each that follows.',
  because:
    'The app served well, then its master ended with "Permission denied: /dev/shm/wgunicorn-…", and every start of systemd ends the same way before a worker is there. Its release and its unit are as old as ever.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 8,
  inject: async (lab) => {
    for (const host of lab.web)
      changeUnit(host, 'shop', [
        '[Service]',
        'Environment="GUNICORN_CMD_ARGS=--max-requests 5 --worker-tmp-dir /dev/shm"',
      ]);
    await untilWell(lab);
    for (const host of lab.web) host.run('chmod', '755', '/dev/shm');
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('chmod', '1777', '/dev/shm');
      restoreUnit(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly', 'port-not-listening'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
