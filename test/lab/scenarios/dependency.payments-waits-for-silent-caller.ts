import { endProgram, startProgram } from '../faults/background-program.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
const UNIT = 'port-watcher';
const WATCHER = `
import socket, time
while True:
    try:
        with socket.create_connection(("payments.lab.test", 8443)) as server:
            while server.recv(4096):
                pass
    except OSError:
        pass
    time.sleep(0.2)
`;

export default defineScenario({
  fault:
    'Since its last update the payment service serves one caller after the other; a watcher of ports on another host opens a connection there, says nothing, and keeps it open.',
  because:
    'The port of the payment service opens, and then nothing comes: not even the TLS handshake begins. Every worker of the shop waits eight seconds for it and says so by name; that no worker is left for the checks is the consequence. Database and cache answer at once.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: (lab) => {
    lab.host('pay-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i 's/ThreadingHTTPServer/HTTPServer/' ${FILE}; systemctl restart payments; sleep 1`);
    startProgram(lab.host('cache-1'), UNIT, WATCHER);
    startLoad('http://shop.lab.test/', 14, 500);
  },
  heal: (lab) => {
    endLoad();
    endProgram(lab.host('cache-1'), UNIT);
    lab.host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments`);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-slow', 'dependency-failing', 'app-blames-dependency'],
    notSaid: [
      'certificate-expired',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
