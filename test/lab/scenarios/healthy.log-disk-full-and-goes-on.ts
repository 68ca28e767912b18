import { beFrameworkShop, beUsualShop, LOG_FOLDER } from '../faults/framework-shop.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The disk of the logs is full on every host: each line that the app wants to write becomes a stack trace in its journal, and every page is served.',
  because:
    'The journals are full of "Logging error" and "No space left on device", two dozen lines for each page, and each of those pages is a 200: Python goes on without its log. The visits stand on another disk, which has room.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: async (lab) => {
    await beFrameworkShop(lab, {
      logs: 'file',
      page: 'branded',
      changes: [
        [
          '    payload = body.encode()\n',
          '    log.info("%s %s %s", environ["REQUEST_METHOD"], path, status[:3])\n    payload = body.encode()\n',
        ],
      ],
    });
    lab.web.forEach((host) => {
      fillDisk(host, LOG_FOLDER);
      startAnew(host, 'shop');
    });
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      freeDisk(host, LOG_FOLDER);
      beUsualShop(host);
    }),
  expect: { status: 'healthy', cause: null },
});
