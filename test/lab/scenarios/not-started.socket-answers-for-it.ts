import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const SOCKET = '/etc/systemd/system/desk.socket';
const LICENCE = "ExecStartPre=/bin/sh -c 'until [ -e /srv/desk/licence ]; do sleep 1; done'";

export default defineScenario({
  fault:
    'systemd itself listens on the port of the desk (socket activation); the app behind it waits before its start for a file that nobody writes, on every host.',
  because:
    'The port is open and takes connections, and nobody answers: who listens is process 1. The unit is still before its start.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      layDropIn(host, 'desk', ['[Service]', LICENCE, 'TimeoutStartSec=infinity']);
      host.sh(`systemctl stop desk
        printf '[Socket]\\nListenStream=9100\\n' >${SOCKET}
        systemctl daemon-reload; systemctl start desk.socket; systemctl start --no-block desk`);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`systemctl stop desk.socket desk; rm -f ${SOCKET}`);
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
