import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

const UNIT = 'lab-impatient';

/** Twice a second it asks for a page that takes a second, and hangs up long before the answer. */
const PROGRAM = `
import socket, struct, sys, time
request = b"GET /sleep?1 HTTP/1.1\\r\\nHost: shop.lab.test\\r\\nUser-Agent: feed/3.1\\r\\n\\r\\n"
while True:
    try:
        call = socket.create_connection((sys.argv[1], 80), timeout=2)
        call.sendall(request)
        time.sleep(0.15)
        call.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        call.close()
    except OSError:
        pass
    time.sleep(0.4)
`;

export default defineScenario({
  fault:
    'A reader of feeds waits 0.15 s for a page that takes a second, hangs up, and asks again, all the time.',
  because:
    'Users get 200, and every member is up. The log of the balancer is full of requests without a status (CH or CD), that of nginx of 499: it is the client who goes, not the service.',
  service: 'shop',
  users: [200],
  settleSeconds: 12,
  inject: ({ host }) =>
    void host('pay-1').run(
      ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM],
      HOSTS['lb-1'].address,
    ),
  heal: ({ host }) => void host('pay-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`),
  expect: { status: 'healthy', cause: null },
});
