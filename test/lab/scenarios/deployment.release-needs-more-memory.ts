import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const CATALOGUE = 'import time; time.sleep(2); CATALOGUE = b"x" * (240 << 20)';

export default defineScenario({
  fault:
    'Release r42 loads a catalogue that is larger than the unit may be; web-1 and web-2 have it, web-3 waits, drained.',
  because:
    'No worker of r42 lives long enough to serve: each is killed as it boots, under a limit that r41 on web-3 keeps to. The release makes the difference.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    setAside(lab, 'shop', 'drain', ['web-3']);
    lab.web.forEach((host) => limitUnit(host, 'shop', 'MemoryMax=160M'));
    for (const host of [lab.host('web-1'), lab.host('web-2')])
      deploy(host, { service: 'shop', release: 'r42', begins: CATALOGUE });
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      unlimitUnit(host, 'shop');
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    });
    setReady(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-failing'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
