import { setAside, setReady } from '../faults/members.js';
import { removeReleases, unpack } from '../faults/new-release.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A deploy drained all members before it started anything new, and ended there.',
  because: 'Every member is set aside, though every host answers well: the balancer has nobody to ask.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    lab.web.forEach((host) => unpack(host, { service: 'desk', release: 'd8' }));
    setAside(lab, 'desk', 'drain');
  },
  heal: (lab) => {
    setReady(lab, 'desk');
    lab.web.forEach((host) => removeReleases(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: 'confirmed',
    root: 'member-draining',
    hop: 'balancer',
    notSaid: ['not-started'],
  },
});
