import { setAside, setReady } from '../faults/members.js';
import { removeUnitFile, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Two members were drained weeks ago and forgotten; on the third somebody masked and stopped the app just now.',
  because: 'The drained ones run and could serve; what changed is the third, whose unit is masked.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    setAside(lab, 'desk', 'drain', ['web-1', 'web-3']);
    removeUnitFile(lab.host('web-2'), 'desk', 'mask');
  },
  heal: (lab) => {
    restoreUnit(lab.host('web-2'), 'desk');
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-missing-or-masked'],
    hop: 'balancer',
    found: ['member-draining'],
    notSaid: ['overload', 'dependency', 'routing'],
  },
});
