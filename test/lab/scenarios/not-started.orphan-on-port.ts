import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

/** What an old run left: it listens, and does not answer any more. */
const ORPHAN =
  'import socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); ' +
  's.bind(("0.0.0.0", 9100)); s.listen(64); time.sleep(3600)';

export default defineScenario({
  fault:
    'A process that an old run left behind holds the port on every host and answers nothing; the unit cannot bind.',
  because:
    'The unit ends with "Connection in use" again and again: the port belongs to somebody outside of the unit.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh('systemctl stop desk');
      host.sh(
        `setsid runuser -u games -- /usr/bin/python3 -c '${ORPHAN}' >/dev/null 2>&1 </dev/null & sleep 0.5`,
      );
      host.sh('systemctl start --no-block desk');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh("pkill -KILL -u games -f 's[.]listen' || :");
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency'],
  },
});
