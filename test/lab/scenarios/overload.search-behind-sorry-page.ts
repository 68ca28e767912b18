import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { endLoad, startLoad } from '../faults/load.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { removeSorryPage, SAY_SORRY, SORRY_PAGE, writeSorryPage } from '../faults/sorry-page.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A crowd asks for searches that compute for four seconds; nginx waits three and makes a 503 with a page of the house of it (error_page 502 504 =503), for the health check as well.',
  because:
    'Every worker computes, connections wait in the queue of the app, and nginx notes upstreams that time out. Nobody switched the page on: it is what nginx shows whenever the app is late. The log of the app has no error at all, and nothing that it asks is slow.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: async (lab) => {
    lab.web.forEach((host) => {
      writeSorryPage(host);
      addToNginx(host, ['proxy_read_timeout 3s;', ...SAY_SORRY, ...SORRY_PAGE]);
    });
    await beFrameworkShop(lab, { logs: 'file', page: 'branded' });
    startLoad('http://shop.lab.test/search?4', 40, 200);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      removeFromNginx(host);
      removeSorryPage(host);
      beUsualShop(host);
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'cpu-saturated', 'accept-queue-full'],
    notSaid: ['deliberate', 'dependency', 'database-connections', 'not-started', 'deployment', 'routing'],
  },
});
