import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { deploy, withdraw } from '../faults/release.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

/** The whole catalogue, read with each request: 300,000 lines that PHP makes arrays of. */
const CHANGE = [
  `seq 1 300000 | sed 's/$/,an article of the shop,19.90/' >catalogue.csv`,
  `sed -i 's|^declare(strict_types=1);|&\\n\\n$catalogue = array_map("str_getcsv", file(__DIR__ . "/catalogue.csv"));|' index.php`,
].join('; ');

export default defineScenario({
  fault:
    'The shop is written in PHP. Release r42 reads the whole catalogue with each request, which needs more than the memory_limit of 64 MB; it went out to every host at once.',
  because:
    'php-fpm runs and has children free, and each request ends in "PHP Fatal error: Allowed memory size of 67108864 bytes exhausted" in a file of r42, with status 500 and without a word to the outside. It began with the release, on every host that has it; the hosts have memory enough.',
  service: 'shop',
  users: [500, 502, 503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    lab.web.forEach((host) => deploy(host, 'r42', { change: CHANGE }));
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      withdraw(host);
      endPhpShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    notSaid: ['dependency', 'database-connections', 'overload', 'not-started', 'deliberate', 'routing'],
  },
});
