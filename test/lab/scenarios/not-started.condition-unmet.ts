import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A condition of the unit asks for a file that is not there, so its restart skips it.',
  because: 'Inactive, success: "was skipped because of an unmet condition check".',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => changeUnit(host, 'desk', ['[Unit]', 'ConditionPathExists=/srv/desk/enabled'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'balancer',
  },
});
