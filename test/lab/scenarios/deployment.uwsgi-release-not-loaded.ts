import { deploy, withdraw } from '../faults/release.js';
import { runUwsgiShop } from '../faults/uwsgi-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop runs under uWSGI. Release r42 imports orjson, which no host has, and went out to every host at once; uWSGI starts all the same and answers 500 to everything.',
  because:
    'The unit is active, the port listens and the processes are idle: uWSGI goes on "in full dynamic mode" with no app loaded and logs "--- no python application found, check your startup logs for errors ---". The start of r42 has the traceback: ModuleNotFoundError: No module named \'orjson\'. It is the release that does not load; nothing that the shop needs was even asked.',
  service: 'shop',
  users: [500, 503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => runUwsgiShop(host, '--processes 3', '--listen 32'));
    await untilWell(lab);
    lab.web.forEach((host) =>
      deploy(host, 'r42', { change: `sed -i 's/^import json$/&\\nimport orjson/' app.py` }),
    );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      withdraw(host);
      endOtherShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
