import { deploy, removeReleases } from '../faults/new-release.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Nothing is wrong: a release went out half a minute ago, first to two hosts only.',
  because: 'Users get 200. Two releases side by side are how a rolling deploy looks.',
  service: 'desk',
  users: [200],
  inject: async (lab) => {
    for (const host of [lab.host('web-1'), lab.host('web-2')])
      deploy(host, { service: 'desk', release: 'd8', begins: '# new texts' });
    await untilWell(lab);
  },
  heal: (lab) => {
    for (const host of [lab.host('web-1'), lab.host('web-2')]) {
      removeReleases(host, 'desk');
      restoreUnit(host, 'desk');
    }
  },
  expect: { status: 'healthy' },
});
