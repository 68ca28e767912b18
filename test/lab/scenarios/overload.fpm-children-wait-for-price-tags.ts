import { askMany } from '../faults/ask-many.js';
import { endProgram } from '../faults/background-program.js';
import { edited } from '../faults/other-shop.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const PROGRAM = '/usr/local/bin/price-tag';
const LOCK = '/var/lib/shop/price-tag.lock';
const NIGHT = 'price-tags-all';

/** Draws the tag of the day for a page, or those of all articles by night. */
const SCRIPT = `#!/bin/sh
# One at a time: two at once spoil the cache of fonts.
until mkdir ${LOCK} 2>/dev/null; do sleep 1; done
trap 'rmdir ${LOCK}' EXIT
if [ "\${1:-}" = --all ]; then sleep 300; else sleep 0.05; fi
echo "tag-$(date +%Y%m%d).svg"`;

const TAG = `function priceTag(): string
{
    exec('${PROGRAM} 2>&1', $lines, $status);
    if ($status !== 0) {
        throw new RuntimeException('price-tag: ' . implode(' ', $lines));
    }
    return $lines[0];
}

function page(): array`;

const code = (index: string): string =>
  edited(index, [
    ['function page(): array', TAG],
    ['    payments();\n', "    payments();\n    $shown['tag'] = priceTag();\n"],
  ]);

export default defineScenario({
  fault:
    'A shop of PHP has the price tag of each page drawn by a program on its own host, which lets one draw at a time; the run for all articles was ended with kill -9 on every host and left its lock behind, so that whoever wants a tag waits for ever.',
  because:
    'On every host all five children of php-fpm are in a request that does not end, use no CPU and have no call open to anybody: each waits for a price-tag that it started itself, and those sleep. php-fpm says that it reached pm.max_children, and the health page waits behind them until the balancer gives up. Few customers are there, and database, cache and payments answer at once.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 14,
  inject: async (lab) => {
    for (const host of lab.web) {
      host.run('sh', '-euc', 'printf "%s\\n" "$1" >"$2"; chmod 755 "$2"', 'sh', SCRIPT, PROGRAM);
      host.run('touch', '-d', '9 days ago', PROGRAM);
      runPhpShop(host, { code });
    }
    await untilWell(lab);
    for (const host of lab.web)
      host.sh(`systemd-run -q --collect --unit=${NIGHT} --property=User=www-data ${PROGRAM} --all`);
    for (const host of lab.web)
      host.sh(`sleep 1.5; systemctl kill --kill-whom=main --signal=KILL ${NIGHT}; test -d ${LOCK}`);
    askMany(['http://shop.lab.test/'], 27, 25);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      endProgram(host, NIGHT);
      host.run('rm', '-rf', LOCK);
      endPhpShop(host);
      host.run('rm', '-rf', LOCK, PROGRAM);
    }),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    notSaid: [
      'dependency',
      'database-connections',
      'not-started',
      'deployment',
      'routing',
      'deliberate',
      'cpu-saturated',
    ],
  },
});
