import { setTimeout as sleep } from 'node:timers/promises';
import {
  endKilledIndexer,
  endRefusedMonitor,
  showNearlyExpired,
  startKilledIndexer,
  startRefusedMonitor,
} from '../faults/bystanders.js';
import { useCertificate } from '../faults/certificate.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
const COMPRESS = [
  's/^import json$/import gzip\\n&/',
  's/^        self.send_response(status)$/        body = gzip.compress(body)\\n&\\n        self.send_header("Content-Encoding", "gzip")/',
].join('; ');

export default defineScenario({
  fault:
    'Since its last update the payment service compresses every answer (Content-Encoding: gzip), also for callers who have not asked for it, as the shop has not. Beside it stand a certificate of that service with one day left, an indexer that is killed for memory on every host, and a monitoring that Redis refuses.',
  because:
    "Every page fails in the step of the payments with \"'utf-8' codec can't decode byte 0x8b\", and 1f 8b is how gzip begins: the service answers 200 at once, with a body that the shop cannot read. The certificate is near its end and still valid, the shop is let into Redis, and its memory is its own; the health page, which does without payments, is well.",
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    startRefusedMonitor(lab);
    lab.web.forEach(startKilledIndexer);
    showNearlyExpired(lab);
    await sleep(4000);
    await untilWell(lab);
    lab.host('pay-1').sh(`cp -p ${FILE} ${KEPT}; sed -i '${COMPRESS}' ${FILE}; systemctl restart payments`);
  },
  heal: (lab) => {
    endRefusedMonitor(lab);
    lab.host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}`);
    useCertificate(lab, 'server.crt');
    lab.web.forEach(endKilledIndexer);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'app-refused-by-dependency', 'dependency-failing'],
    hop: 'app',
    notSaid: [
      'certificate-expired',
      'dependency-slow',
      'dependency-unreachable',
      'overload',
      'deployment',
      'database-connections',
      'not-started',
      'routing',
      'deliberate',
      'health-check',
    ],
  },
});
