import { setTimeout as sleep } from 'node:timers/promises';
import { useCertificate } from '../faults/certificate.js';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { makeNotYetValid } from '../faults/other-certificates.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const NEW = ['web-1', 'web-2'] as const;

export default defineScenario({
  fault:
    'A rollout is half done and goes well: r42 serves on web-1 and web-2, and web-3 is drained as the next. Then the payment service gets its new certificate a day too early: it is valid from tomorrow on.',
  because:
    'Every page fails with "certificate is not yet valid", and a handshake from each host shows the day on which it begins. r42 served before that, and r41 on web-3 fails in the same way when it is asked: hosts on different releases are true, and no cause.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: async (lab) => {
    setAside(lab, 'shop', 'drain', ['web-3']);
    for (const name of NEW)
      deploy(lab.host(name), { service: 'shop', release: 'r42', begins: '# New texts.' });
    await sleep(6000);
    await untilUsersGet('http://shop.lab.test/', [200]);
    makeNotYetValid();
    useCertificate(lab, 'not-yet-valid.crt');
  },
  heal: (lab) => {
    useCertificate(lab, 'server.crt');
    for (const name of NEW) {
      removeReleases(lab.host(name), 'shop');
      startAnew(lab.host(name), 'shop');
    }
    setReady(lab, 'shop', ['web-3']);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'certificate-expired',
    hop: 'app',
    notSaid: ['deployment', 'overload', 'not-started', 'database-connections', 'routing', 'health-check'],
  },
});
