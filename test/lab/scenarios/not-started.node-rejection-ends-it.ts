import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

/** Looked at as the app starts, and each second after. */
const BANNER = `let banner = null;
async function refreshBanner() {
  banner = JSON.parse((await cache.get('banner')) ?? 'null');
}

async function main() {
  await cache.connect();
  refreshBanner();
  setInterval(refreshBanner, 1000);`;

export default defineScenario({
  fault:
    'A shop of Node.js takes a banner out of the cache each second, as JSON, and nobody catches what goes wrong there; somebody of the marketing set it to a sentence.',
  because:
    'The process ends with status 1 and a SyntaxError of JSON.parse that nobody caught, a moment after each start, on every host at once. systemd starts it again and again. Redis answers everybody and gives out what was put there; no release and no unit was changed.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runNodeShop(lab, [['async function main() {\n  await cache.connect();', BANNER]]);
    redis(lab, 'SET', 'banner', 'Free shipping until Sunday!');
  },
  heal: (lab) => {
    redis(lab, 'DEL', 'banner');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
