import { stopChecking, checkAgain } from '../faults/members.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'An assertion of the unit fails at its restart; the balancer checks nothing, so users hear the proxy of each host.',
  because:
    'nginx answers 502 because nobody listens behind it; the unit is inactive: "Starting requested but asserts failed".',
  service: 'shop',
  users: [502],
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.web.forEach((host) => changeUnit(host, 'shop', ['[Unit]', 'AssertPathIsMountPoint=/srv/shop/media']));
  },
  heal: (lab) => {
    lab.web.forEach((host) => restoreUnit(host, 'shop'));
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'proxy',
    notSaid: ['deliberate', 'routing'],
  },
});
