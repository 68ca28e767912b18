import { setTimeout as sleep } from 'node:timers/promises';
import {
  endKilledIndexer,
  endRefusedMonitor,
  startKilledIndexer,
  startRefusedMonitor,
} from '../faults/bystanders.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const ENV = '/etc/shop/env';
const KEPT = '/root/env.kept';

export default defineScenario({
  fault:
    'Somebody wrote PYTHONHOME=/opt/python3.11, which is on no host, into the settings of the shop and restarted it everywhere. Beside it stand a release that came out just before and works, an indexer that is killed for memory on two hosts, and a monitoring that Redis refuses.',
  because:
    "Python ends before the first line of the app, at each start, with \"No module named 'encodings'\" and prints the PYTHONHOME that it was given; systemd tries again every two seconds. Release r42 served customers before that restart and no line of it was reached; what is killed for memory is a unit of its own with a limit of its own, and Redis refuses another program's password.",
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    startRefusedMonitor(lab);
    startKilledIndexer(lab.host('web-1'));
    startKilledIndexer(lab.host('web-2'));
    lab.web.forEach((host) =>
      deploy(host, { service: 'shop', release: 'r42', begins: '# New texts for autumn.' }),
    );
    await sleep(6000);
    await untilWell(lab);
    lab.web.forEach((host) =>
      host.sh(`cp -p ${ENV} ${KEPT}; echo PYTHONHOME=/opt/python3.11 >>${ENV}
        systemctl restart --no-block shop`),
    );
  },
  heal: (lab) => {
    endRefusedMonitor(lab);
    lab.web.forEach((host) => {
      endKilledIndexer(host);
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${ENV}`);
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
