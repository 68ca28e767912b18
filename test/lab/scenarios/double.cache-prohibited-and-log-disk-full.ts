import { openToBalancer } from '../faults/firewall.js';
import { beFrameworkShop, beUsualShop, LOG_FOLDER } from '../faults/framework-shop.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'On web-3 the disk of the logs is full since long, and each line that the app cannot write becomes a complaint of its own in the journal. Then a new firewall before the cache prohibits its port.',
  because:
    'No host gets a connection to the cache any more, and the files of web-1 and web-2 say "No route to host" for each page and each check. The full disk of web-3 costs its log and nothing else: its pages were 200 until the cache was cut off, and the other two hosts have room and fail alike.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: async (lab) => {
    await beFrameworkShop(lab, { logs: 'file', page: 'problem' });
    // The app opens its file once: it has to see the full disk from its start.
    fillDisk(lab.host('web-3'), LOG_FOLDER);
    startAnew(lab.host('web-3'), 'shop');
    await untilWell(lab);
    lab.host('cache-1').sh(`nft add table inet closed
      nft 'add chain inet closed input { type filter hook input priority 0; }'
      nft add rule inet closed input tcp dport 6379 reject with icmpx type admin-prohibited`);
  },
  heal: (lab) => {
    openToBalancer(lab.host('cache-1'));
    freeDisk(lab.host('web-3'), LOG_FOLDER);
    lab.web.forEach(beUsualShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-unreachable',
    found: ['disk-full'],
    notSaid: ['overload', 'database-connections', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});
