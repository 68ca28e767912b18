import { brand, removeBrand, writeBrand } from '../faults/balancer-brand.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { defineScenario } from '../scenario.js';

const STAMP = '/var/lib/shop/export.done';
const AGE = `def health(trace):
    hours = (time.time() - os.path.getmtime("${STAMP}")) / 3600
    if hours > 26:
        raise ShopError("last export is %d h old" % hours)
`;

export default defineScenario({
  fault:
    'The health page of the app also insists that the nightly export is no older than 26 hours, and the export stands still since the weekend. It answers with a trace id only, and the balancer with a page of the house.',
  because:
    'Every member is out for the 503 of that page, and any other page of every host is 200 at once. The log says that an export is 61 hours old, which no customer would notice: database, cache and payments are well, and the check alone takes the shop down.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    writeBrand(lab, 'We are having trouble. Please try again later.');
    changeBalancer(lab, brand({ log: 'json' }));
    lab.web.forEach((host) => host.run('touch', STAMP));
    await beFrameworkShop(lab, {
      logs: 'json',
      page: 'problem',
      changes: [['def health(trace):\n', AGE]],
    });
    lab.web.forEach((host) => host.run('touch', '-d', '61 hours ago', STAMP));
  },
  heal: (lab) => {
    restoreBalancer(lab);
    removeBrand(lab);
    lab.web.forEach((host) => {
      beUsualShop(host);
      host.run('rm', '-f', STAMP);
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['health-endpoint-failing', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: [
      ...(['dependency', 'database-connections', 'overload', 'not-started'] as const),
      ...(['deployment', 'routing', 'deliberate'] as const),
    ],
  },
});
