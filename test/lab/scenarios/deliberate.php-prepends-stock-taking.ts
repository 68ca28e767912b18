import type { LabHost } from '../host.js';
import { endPhpShop, POOL_FILE, runPhpShop } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const FOLDER = '/srv/shop/shared';
const FILE = `${FOLDER}/inventory.php`;

const CODE = `<?php
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/health/') {
    return;
}
http_response_code(503);
header('Content-Type: text/html; charset=utf-8');
header('Retry-After: 7200');
echo '<!doctype html><title>Nordlicht</title><h1>Stock-taking</h1>',
    '<p>We are counting our shelves today and take no orders. The shop opens again at 6 pm.</p>';
exit;
`;

const countShelves = (host: LabHost): void => {
  const script = `mkdir -p ${FOLDER}; printf '%s' "$1" >${FILE}; chmod 755 ${FOLDER}; chmod 644 ${FILE}
    echo 'php_admin_value[auto_prepend_file] = ${FILE}' >>${POOL_FILE}
    systemctl reload shop`;
  host.run('sh', '-euc', script, 'sh', CODE);
};

export default defineScenario({
  fault:
    'The shop is written in PHP. For the stock-taking somebody had php-fpm run a file before every page of it (auto_prepend_file), which says 503 and ends there, and reloaded php-fpm on every host; the shelves are counted, and the line is still there.',
  because:
    'Every page is a 503 that came through nginx from PHP, at once: it tells of stock-taking, says when the shop opens again, and has Retry-After. Nothing stands in the error logs, php-fpm has children free, the health page is well and all members are up; the file of the pool has the line. Somebody closed the shop, nothing is broken.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    lab.web.forEach(countShelves);
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('rm', '-rf', FOLDER);
      endPhpShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['maintenance-mode', 'request-denied'],
    hop: ['app', 'proxy'],
    notSaid: [
      'not-started',
      'health-check',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
    ],
  },
});
