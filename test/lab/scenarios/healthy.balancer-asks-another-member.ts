import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/var/lib/shop';

export default defineScenario({
  fault:
    'The disk of the visits is full on web-2, whose app answers 503 to every page; the balancer keeps that to itself and asks another member (retry-on 503, option redispatch 1).',
  because:
    'The journal and the access log of web-2 are full of 503, and every customer gets 200: the balancer shows nobody an answer that it can still get better elsewhere. The health page of web-2 writes nothing and is well, so all members are up.',
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: async (lab) => {
    changeBalancer(
      lab,
      's|^backend shop|&\\n    option redispatch 1\\n    retry-on conn-failure empty-response response-timeout 503|',
    );
    await beFrameworkShop(lab, { logs: 'json', page: 'empty' });
    fillDisk(lab.host('web-2'), FOLDER);
  },
  heal: (lab) => {
    freeDisk(lab.host('web-2'), FOLDER);
    restoreBalancer(lab);
    lab.web.forEach(beUsualShop);
  },
  expect: { status: 'healthy', cause: null },
});
