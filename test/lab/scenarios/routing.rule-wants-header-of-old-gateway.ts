import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import {
  addDownPool,
  endKilledIndexer,
  endReaderOfDownPool,
  startKilledIndexer,
} from '../faults/bystanders.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    "The balancer's rule for the desk also wants X-Forwarded-Proto: https, which the gateway of before set and the new one does not; there is no default. Beside it stand another pool whose members are all down and whose readers get 503 as well, a release of the desk that came out just before and works, and an indexer that is killed for memory on two hosts.",
  because:
    'HAProxy answers 503 at once and names the frontend twice and no server in its log: no rule took the request, although one has the right name. Every member of the pool of the desk is up and idle; the pool that is down is another one, for another name, and d8 answers on each host.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    addDownPool(lab);
    startKilledIndexer(lab.host('web-2'));
    startKilledIndexer(lab.host('web-3'));
    lab.web.forEach((host) => deploy(host, { service: 'desk', release: 'd8', begins: '# New colours.' }));
    await sleep(6000);
    await untilWell(lab);
    changeBalancer(lab, 's,^    use_backend desk .*,& { hdr(X-Forwarded-Proto) -i https },');
  },
  heal: (lab) => {
    endReaderOfDownPool(lab);
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      endKilledIndexer(host);
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'no-route-matched',
    hop: 'balancer',
    notSaid: [
      'pool-without-members',
      'member-unreachable',
      'deployment',
      'overload',
      'not-started',
      'dependency',
      'database-connections',
      'health-check',
    ],
  },
});
