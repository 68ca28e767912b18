import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const JOB = 'stocktaking';

export default defineScenario({
  fault:
    'A template for jobs in the background gave the unit of the shop the least weight that there is (CPUWeight=1), which did no harm for as long as the hosts had CPU to spare; now a stock-taking computes on every core of every host.',
  because:
    'Every core is busy with the stock-taking, which counts a hundred times as much as the app; the workers are ready to run and are not let. The app has no quota and little to compute, a dozen customers ask for ordinary pages, and all that it depends on answers at once.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => changeUnit(host, 'shop', ['[Service]', 'CPUWeight=1']));
    await untilWell(lab);
    lab.web.forEach((host) =>
      host.sh(`systemd-run -q --collect --unit=${JOB} stress-ng --cpu 4 --timeout 140`),
    );
    startLoad('http://shop.lab.test/', 24, 50);
  },
  heal: ({ web }) => {
    endLoad();
    // All of them first: the others' jobs have this one's cores.
    web.forEach((host) => host.sh(`systemctl stop ${JOB} 2>/dev/null || :`));
    web.forEach((host) => {
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['cpu-saturated', 'workers-busy', 'accept-queue-full'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});
