import { setTimeout as sleep } from 'node:timers/promises';
import { giveGroups, takeGroups } from '../faults/blindness.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';
import { untilUsersGet } from '../wellness.js';

const FOLDER = '/etc/shop/features';
const RATES = `http://${HOSTS['pay-1'].address}:8090/rates`;

/** In the code for weeks, behind a switch that was off. */
const ASK_FOR_RATES = [
  's|^            step = "visits"$|',
  `            if os.path.exists("${FOLDER}/vat-service"):\\n`,
  '                step = "vat"\\n',
  '                try:\\n',
  `                    urllib.request.urlopen("${RATES}", timeout=4).read()\\n`,
  '                except OSError as error:\\n',
  `                    raise RuntimeError("no rates from ${RATES}: %s" % error)\\n`,
  '&|',
].join('');

export default defineScenario({
  fault:
    'The code of the shop has been able to ask a service for rates of VAT since its last release, behind a switch. Somebody switched it on, on every host, a week before that service is there. The journal of web-1 may not be read.',
  because:
    'Every page fails since one moment with "no rates from" an address where the connection is refused, on every host; the health page does not ask there and is 200, so all members are UP. Nothing was released or restarted, and database, cache and payments are well: the app wants something that nobody declared and that does not answer.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    takeGroups(lab.host('web-1'), ['adm', 'systemd-journal']);
    for (const host of lab.web) wakeBug(host, 'shop', 'app.py', ASK_FOR_RATES);
    await sleep(6000);
    await untilUsersGet('http://shop.lab.test/', [200]);
    for (const host of lab.web) host.sh(`mkdir -p ${FOLDER}; touch ${FOLDER}/vat-service`);
  },
  heal: (lab) => {
    for (const host of lab.web) {
      host.sh(`rm -rf ${FOLDER}; touch -d '9 days ago' /etc/shop`);
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    }
    giveGroups(lab.host('web-1'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['undeclared-dependency', 'app-blames-dependency', 'dependency-unreachable'],
    hop: 'app',
    notSaid: ['deployment', 'not-started', 'overload', 'database-connections', 'health-check', 'routing'],
  },
});
