import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { setAside, setReady } from '../faults/members.js';
import { askBalancer, untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const SET_ASIDE = ['web-1', 'web-2'] as const;
const STATE = '/etc/haproxy/weekend.state';
const FOLDER = '/var/lib/shop';

export default defineScenario({
  fault:
    'The balancer was reloaded with a file of the state of its servers from the weekend (load-server-state-from-file), when web-1 and web-2 were in maintenance; web-3, which has every customer since, has no room left for the visits.',
  because:
    'Users hear the app of web-3: "visits: No space left on device", while its health page, which writes nothing, is well. web-1 and web-2 could serve all and are in MAINT, where nobody has put them today. Each of the two is half of it: both must be said.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    setAside(lab, 'shop', 'maint', SET_ASIDE);
    const state = askBalancer(lab, 'show servers state');
    setReady(lab, 'shop', SET_ASIDE);
    const keep = 'printf "%s" "$1" >"$2"; touch -d "3 days ago" "$2"';
    lab.host('lb-1').run('sh', '-euc', keep, 'sh', state, STATE);
    await untilWell(lab);
    changeBalancer(
      lab,
      `s,^global,&\\n    server-state-file ${STATE},; s,^defaults,&\\n    load-server-state-from-file global,`,
    );
    fillDisk(lab.host('web-3'), FOLDER);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', STATE);
    setReady(lab, 'shop');
    freeDisk(lab.host('web-3'), FOLDER);
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['disk-full', 'member-draining'],
    found: ['disk-full', 'member-draining'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'routing', 'deliberate', 'health-check'],
  },
});
