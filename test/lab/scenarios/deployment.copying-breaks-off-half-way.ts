import type { LabHost } from '../host.js';
import { edited } from '../faults/other-shop.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const FOLDER = '/srv/shop/releases/r41';
const INDEX = `${FOLDER}/index.php`;
const PRICES = `${FOLDER}/lib/prices.php`;

const OLD_PRICES = [
  '<?php',
  'declare(strict_types=1);',
  '',
  'function shipping(int $cents): int',
  '{',
  '    return $cents >= 5000 ? 0 : 490;',
  '}',
].join('\n');

/** What the customer is told about it, by country. */
const NEW_PRICES = [
  OLD_PRICES,
  '',
  'function shipping_note(int $cents, string $country): string',
  '{',
  '    $fee = shipping($cents) + ($country === "DE" ? 0 : 700);',
  '    return $fee === 0 ? "free" : sprintf("%.2f", $fee / 100);',
  '}',
].join('\n');

const withShipping = (index: string): string =>
  edited(index, [
    ['declare(strict_types=1);', "declare(strict_types=1);\n\nrequire __DIR__ . '/lib/prices.php';"],
    ['    payments();\n', "    payments();\n    $shown['shipping'] = shipping(4900);\n"],
  ]);

const write = (host: LabHost, file: string, text: string): void => {
  host.run('sh', '-euc', 'mkdir -p "${2%/*}"; printf "%s\\n" "$1" >"$2"', 'sh', text, file);
};

/** Each file as it arrives: a copy of today in the place of the old one. */
const copyIndex = (host: LabHost): void => {
  const before = host.run('cat', INDEX);
  write(host, INDEX, edited(before, [['shipping(4900)', "shipping_note(4900, 'DE')"]]));
};
const copyPrices = (host: LabHost): void => {
  write(host, PRICES, NEW_PRICES);
};

export default defineScenario({
  fault:
    'The shop is written in PHP, and its new version is copied over the old files from a laptop, host after host. On web-2 the copying broke off after index.php, which calls a function that lib/prices.php does not have there yet; web-3 was not reached.',
  because:
    'A third of the pages get 503 of the app, all of them from web-2: "Call to undefined function shipping_note()" in index.php, for the first time when that file was written. web-1 has the new index.php as well and with it the new lib/prices.php, and is well; web-3 has the old ones of both and is well, too. The health page calls nothing of it, and whatever the app asks answers.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: async (lab) => {
    for (const host of lab.web) {
      write(host, PRICES, OLD_PRICES);
      runPhpShop(host, { code: withShipping });
    }
    await untilWell(lab);
    copyPrices(lab.host('web-1'));
    copyIndex(lab.host('web-1'));
    copyIndex(lab.host('web-2'));
  },
  heal: ({ web }) => web.forEach(endPhpShop),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-erring', 'release-failing', 'rollout-in-progress'],
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
