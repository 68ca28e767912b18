import { endOtherShop, runOtherShopOn } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const FOLDER = '/etc/shop/vassals';

const INI = `[uwsgi]
plugin = python3
chdir = /srv/shop/current
pythonpath = /srv/shop/current
module = app:application
need-app = true
http-socket = 127.0.0.1:8000
listen = 64
master = true
processes = 3
die-on-term = true
disable-logging = true`;

export default defineScenario({
  fault:
    'The unit starts uWSGI as an Emperor, which runs whatever has a file in its folder; a run of the configuration management cleaned every file away there that it does not know, the shop.ini among them, on every host.',
  because:
    'The unit is active, has not been restarted and has a process, but that is the Emperor alone: it stopped the shop in order when its file went ("[emperor] stop the uwsgi instance shop.ini"), and nothing has listened on port 8000 since. nginx is refused there. Nothing crashed, nothing is slow, and nobody deployed anything.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 8,
  inject: async (lab) => {
    for (const host of lab.web) {
      host.run('mkdir', '-p', FOLDER);
      runOtherShopOn(host, {
        files: { [`${FOLDER}/shop.ini`]: INI },
        unit: [`ExecStart=/usr/bin/uwsgi --emperor ${FOLDER}`],
      });
    }
    await untilWell(lab);
    for (const host of lab.web) host.run('find', FOLDER, '-type', 'f', '-delete');
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('rm', '-rf', FOLDER);
      endOtherShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['port-not-listening', 'port-refused'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
