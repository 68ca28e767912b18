import { endProgram, startProgram } from '../faults/background-program.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'port-probe';
/** Says who it is and never answers the question for the password; the server ends that after a minute, and it begins anew. */
const PROBE = `
import socket, struct, threading, time
hello = struct.pack("!i", 196608) + b"user\\0monitor\\0database\\0postgres\\0\\0"
def probe():
    while True:
        began = time.monotonic()
        try:
            with socket.create_connection(("db.lab.test", 5432)) as server:
                server.sendall(struct.pack("!i", len(hello) + 4) + hello)
                while server.recv(4096):
                    pass
        except OSError:
            pass
        if time.monotonic() - began < 5:
            time.sleep(0.3)
for _ in range(34):
    threading.Thread(target=probe).start()
`;

export default defineScenario({
  fault:
    'A broken probe of a monitoring opens logins at the database on another host and never answers the question for the password; each of them keeps a slot until the server gives up after a minute. The app was restarted then.',
  because:
    'The server refuses everybody with "sorry, too many clients already", superusers too, though its list of sessions is nearly empty: who has not finished his login keeps a slot and stands in no list. The port is open and the server is well; it is places that are gone.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host, web }) => {
    startProgram(host('cache-1'), UNIT, PROBE);
    host('cache-1').run('sleep', '3');
    web.forEach((one) => startAnew(one, 'shop'));
  },
  heal: ({ host, web }) => {
    endProgram(host('cache-1'), UNIT);
    host('db-1').sh(`for i in $(seq 40); do
      su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1 && exit 0; sleep 0.3; done; exit 1`);
    web.forEach((one) => startAnew(one, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: ['balancer', 'app'],
    notSaid: [
      'idle-in-transaction',
      'sessions-blocked-by-lock',
      'app-pool-exhausted',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
