import { endProgram, startProgram } from '../faults/background-program.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'price-robot';
const ROBOT = `
import time, urllib.request
while True:
    asked = urllib.request.Request("http://shop.lab.test/", headers={"User-Agent": "PriceBot/2.1"})
    try:
        urllib.request.urlopen(asked, timeout=5).read()
    except OSError:
        pass
    time.sleep(0.2)
`;
const MAP = [
  'map $http_user_agent $robot { default ""; ~*bot $binary_remote_addr; }',
  'limit_req_zone $robot zone=robots:1m rate=2r/m;',
].join('\n');
const FILE = '/etc/nginx/conf.d/lab-robots.conf';

export default defineScenario({
  fault:
    'nginx lets robots see two pages a minute, by the name that they give; a robot that compares prices asks for the start page five times a second and gets 503 nearly always. Customers are not limited.',
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
    startProgram(host('cache-1'), UNIT, ROBOT);
  },
  heal: ({ host, web }) => {
    endProgram(host('cache-1'), UNIT);
    web.forEach((one) => {
      // First who uses the zone, then the zone.
      removeFromNginx(one);
      one.run('rm', '-f', FILE);
      removeFromNginx(one);
    });
  },
  expect: { status: 'healthy', cause: null },
  wrongBecause:
    'Once the log of the balancer tells of refusals in three spans of ten seconds, they pass for a part of everybody’s requests: that all of them are of one caller, and all others are served, is not looked at.',
});
