import { setTimeout as sleep } from 'node:timers/promises';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { WEB } from '../topology.js';

export default defineScenario({
  fault:
    'Release r42 keeps the visits in a file for each day, in a folder that only the laptop of its author has. It was rolled out host by host, drained before and taken back after, and the health page was content each time.',
  because:
    'Every page fails with "No such file or directory" for /var/lib/shop/visits.d on every host, and never did before the link was led to r42; the health page does not write and is 200, so all members are UP. No disk is full and no right is missing: r42 names a folder that nobody made.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    for (const name of WEB) {
      setAside(lab, 'shop', 'drain', [name]);
      await sleep(1000);
      deploy(lab.host(name), {
        service: 'shop',
        release: 'r42',
        edit: 's|^VISITS = .*|VISITS = "/var/lib/shop/visits.d/" + time.strftime("%Y-%m-%d")|',
      });
      await sleep(5000);
      setReady(lab, 'shop', [name]);
    }
  },
  heal: (lab) => {
    for (const host of lab.web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-erring',
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
