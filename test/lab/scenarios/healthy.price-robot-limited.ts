import { endProgram, startProgram } from '../faults/background-program.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'price-robot';
const caller = (headers: string, seconds: number): string => `
import time, urllib.request
while True:
    asked = urllib.request.Request("http://shop.lab.test/", headers=${headers})
    try:
        urllib.request.urlopen(asked, timeout=5).read()
    except OSError:
        pass
    time.sleep(${String(seconds)})
`;
/** Of some more customers, each with an address of its own. */
const HOMES = ['web-1', 'web-2', 'web-3', 'db-1', 'pool-1', 'pay-1'] as const;
const MAP = [
  'map $http_user_agent $robot { default ""; ~*bot $binary_remote_addr; }',
  'limit_req_zone $robot zone=robots:1m rate=2r/m;',
].join('\n');
const FILE = '/etc/nginx/conf.d/lab-robots.conf';

export default defineScenario({
  fault:
    'nginx lets robots see two pages a minute, by the name that they give; a robot that compares prices asks for the start page five times a second and gets 503 nearly always. Customers, of seven addresses, are not limited.',
  because:
    'Logs are full of 503 and of refused requests, and all of them went to one caller who calls himself a robot. Customers ask for the same page in the same second and get 200, every member is up and nobody waits: the limit does what it is for.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: ({ host, web }) => {
    web.forEach((one) => {
      one.run('sh', '-euc', `printf '%s\\n' "$1" >${FILE}`, 'sh', MAP);
      addToNginx(one, ['limit_req zone=robots;']);
    });
    HOMES.forEach((home) => startProgram(host(home), UNIT, caller('{}', 2)));
    startProgram(host('cache-1'), UNIT, caller('{"User-Agent": "PriceBot/2.1"}', 0.2));
  },
  heal: ({ host, web }) => {
    [...HOMES, 'cache-1' as const].forEach((name) => endProgram(host(name), UNIT));
    web.forEach((one) => {
      // First who uses the zone, then the zone.
      removeFromNginx(one);
      one.run('rm', '-f', FILE);
      removeFromNginx(one);
    });
  },
  expect: { status: 'healthy', cause: null },
});
