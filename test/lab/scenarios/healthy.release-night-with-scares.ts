import { setTimeout as sleep } from 'node:timers/promises';
import { restoreBalancer } from '../faults/balancer-config.js';
import {
  addDownPool,
  endReaderOfDownPool,
  endRefusedMonitor,
  lockExports,
  showNearlyExpired,
  startRefusedMonitor,
  unlockExports,
} from '../faults/bystanders.js';
import { useCertificate } from '../faults/certificate.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'A release came out on every host and works. The certificate of the payment service has one day left, Redis refuses a monitoring several times a second, jobs wait for a lock on a table that no page needs, and another pool of the balancer is down and gives its readers 503.',
  because:
    'Every page of the shop is 200 and all its members are up. The certificate is still valid, Redis lets the shop in, the lock is on a table of the jobs with slots left beside it, and each 503 in the log of the balancer is for another name and another pool.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: async (lab) => {
    showNearlyExpired(lab);
    startRefusedMonitor(lab);
    lockExports(lab, 'shop');
    addDownPool(lab);
    lab.web.forEach((host) => deploy(host, { service: 'shop', release: 'r42', begins: '# New prices.' }));
    await sleep(6000);
    await untilWell(lab);
  },
  heal: (lab) => {
    endReaderOfDownPool(lab);
    restoreBalancer(lab);
    endRefusedMonitor(lab);
    unlockExports(lab, 'shop');
    useCertificate(lab, 'server.crt');
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: { status: 'healthy', cause: null },
});
