import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'So that a restart tells whether it worked, somebody had the unit ask the status page once after the start (ExecStartPost=curl) and restarted it on every host; systemd asks as soon as the program is begun, which is before it listens.',
  because:
    'Nothing is wrong with the app: at each start curl is refused ("curl: (7) Failed to connect to 127.0.0.1 port 9100"), systemd takes that as a failed start ("Control process exited, status=7"), ends the app and begins anew two seconds later. The app logs no error, and nothing that it needs was asked.',
  service: 'desk',
  users: [503],
  settleSeconds: 9,
  inject: ({ web }) =>
    web.forEach((host) =>
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStartPost=/usr/bin/curl -fsS -m 5 -o /dev/null http://127.0.0.1:9100/status',
      ]),
    ),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly', 'unit-starting'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
