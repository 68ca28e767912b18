import { endLoad, startLoad } from '../faults/load.js';
import { changeNodeUnit, runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

/** When somebody was here last: opens the file of visits for each page, and never closes it. */
const LAST_VISIT = `function lastVisit() {
  const file = openSync(process.env.VISITS_FILE, 'a+');
  const tail = Buffer.alloc(32);
  const read = readSync(file, tail, 0, tail.length, Math.max(0, fstatSync(file).size - tail.length));
  return tail.toString('latin1', 0, read).trim().split('\\n').pop();
}

async function page() {
  const seen = lastVisit();`;

const EDITS = [
  [
    `const fs = require('node:fs/promises');`,
    `const { fstatSync, openSync, readSync } = require('node:fs');\nconst fs = require('node:fs/promises');`,
  ],
  ['async function page() {', LAST_VISIT],
  ['payments: payments.payments };', 'payments: payments.payments, seen };'],
] as const;

export default defineScenario({
  fault:
    'A shop of Node.js opens the file of its visits for each page and has never closed it again; its unit may have ninety-six open files (LimitNOFILE=96), which it reaches some minutes after each restart, on every host.',
  because:
    'Every page ends at once in "EMFILE: too many open files, open \'/var/lib/shop/visits\'", and the only process of each host has as many files open as its limit allows, nearly all of them the same one. The health page opens nothing and is well; database, cache and payments are not even asked. Nobody deployed anything.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 12,
  inject: async (lab) => {
    await runNodeShop(lab, EDITS);
    for (const host of lab.web) changeNodeUnit(host, ['LimitNOFILE=96']);
    for (const host of lab.web)
      host.sh(`sleep 0.5; for i in $(seq 50); do
        curl -sf -m 2 -o /dev/null http://127.0.0.1:8000/health/ && exit 0; sleep 0.2; done; exit 1`);
    startLoad('http://shop.lab.test/', 6, 150);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'file-descriptors-exhausted',
    hop: ['app', 'proxy', 'balancer'],
    notSaid: [
      'dependency',
      'database-connections',
      'not-started',
      'deployment',
      'routing',
      'deliberate',
      'disk-full',
    ],
  },
});
