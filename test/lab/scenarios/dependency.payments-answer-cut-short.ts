import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
const EDIT = [
  's/str(len(body))/str(len(body) + 512)/',
  's/^        self.wfile.write(body)$/&\\n        self.close_connection = True/',
].join('; ');

export default defineScenario({
  fault:
    'Since its last update the payment service announces longer answers than it sends, and closes the connection before their end. The shop is written in Node.js.',
  because:
    'Each page fails with "aborted" (ECONNRESET) in the log, just after the payment service has answered 200: whoever asks it by hand is told that the transfer closed with bytes remaining. Name, port, handshake and certificate are well; the health page does without payments and is well, too.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await runNodeShop(lab);
    lab.host('pay-1').sh(`cp -p ${FILE} ${KEPT}; sed -i '${EDIT}' ${FILE}; systemctl restart payments`);
  },
  heal: (lab) => {
    lab.host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments`);
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-failing',
      'dependency-unreachable',
      'app-blames-dependency',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
      'dependency-slow',
    ],
  },
});
