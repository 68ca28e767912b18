import { changeNodeUnit, runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

/** What the search suggests, kept in memory: built before the app listens. */
const SUGGESTIONS = `const suggestions = new Map();
for (let id = 0; id < 400000; id += 1) suggestions.set('article ' + id, { id, words: ['article', String(id)] });

async function main() {`;

export default defineScenario({
  fault:
    'A template gave the shop, which is of Node.js, a heap of 64 MB (NODE_OPTIONS=--max-old-space-size=64) and restarted it on every host; what it builds at its start needs more.',
  because:
    'V8 aborts with "JavaScript heap out of memory" before the app listens, at each start, and systemd starts it again and again. The hosts have memory enough and the kernel killed nobody; the release is as old as ever, and nobody listens behind nginx.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runNodeShop(lab, [['async function main() {', SUGGESTIONS]]);
    for (const host of lab.web) changeNodeUnit(host, ['Environment=NODE_OPTIONS=--max-old-space-size=64']);
  },
  heal: (lab) => lab.web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
