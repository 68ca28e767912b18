import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/opt/apm';
/** Python runs it before any line of the program itself. The address is nobody's. */
const AGENT = `import socket, sys, time
while True:
    try:
        socket.create_connection(("10.203.0.40", 8200), timeout=4).close()
        break
    except OSError as error:
        print("apm: collector 10.203.0.40:8200 not reachable (%s), trying again" % error, file=sys.stderr, flush=True)
        time.sleep(2)
`;

export default defineScenario({
  fault:
    'An agent for traces was put before the app (PYTHONPATH=/opt/apm, sitecustomize.py) and waits at its start for its collector, whose machine was given up; every host was restarted.',
  because:
    'The unit is active and has one process, which does not listen: it is still before its first own line and tries an address that nobody has, again and again, and says so. Nothing that the shop itself needs was asked.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.run('sh', '-euc', 'mkdir -p "$2"; printf "%s" "$1" >"$2/sitecustomize.py"', 'sh', AGENT, FOLDER);
      changeUnit(host, 'shop', ['[Service]', `Environment=PYTHONPATH=${FOLDER}`]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      restoreUnit(host, 'shop');
      host.run('rm', '-rf', FOLDER);
    }),
  expect: {
    // That the app does not listen yet, or whom it waits for: both are a beginning.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'port-not-listening',
      'port-refused',
      'unit-starting',
      'undeclared-dependency',
      'app-blames-dependency',
    ],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
