import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A deploy drained web-2 and web-3 and began with web-1, where the new release has a syntax error.',
  because:
    'web-1 runs d8 and dies with SyntaxError, the others run d7 and answer well: the release makes the difference.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    setAside(lab, 'desk', 'drain', ['web-2', 'web-3']);
    deploy(lab.host('web-1'), { service: 'desk', release: 'd8', begins: 'def price(ticket)\n    return 0' });
  },
  heal: (lab) => {
    removeReleases(lab.host('web-1'), 'desk');
    restoreUnit(lab.host('web-1'), 'desk');
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: ['release-skew', 'release-failing'],
    hop: 'balancer',
  },
});
