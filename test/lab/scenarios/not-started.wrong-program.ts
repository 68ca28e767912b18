import { setAside, setReady } from '../faults/members.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'ExecStart= on web-1, the only member that is not drained, names a program that is not there.',
  because:
    'Exit status 203 with "Failed at step EXEC" on web-1; the drained hosts answer well, so web-1 is what fails.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    setAside(lab, 'desk', 'drain', ['web-2', 'web-3']);
    changeUnit(lab.host('web-1'), 'desk', [
      '[Service]',
      'ExecStart=',
      'ExecStart=/opt/desk/bin/gunicorn --bind 0.0.0.0:9100 main:app',
    ]);
  },
  heal: (lab) => {
    restoreUnit(lab.host('web-1'), 'desk');
    setReady(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
  },
});
