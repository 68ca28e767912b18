import { link, removeReleases, unpack } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A deploy unpacked the new release so that only root may enter its folder, and restarted every host.',
  because: 'systemd fails at CHDIR into the new release: "Permission denied". The old one could be entered.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) => {
      unpack(host, { service: 'shop', release: 'r45' });
      host.run('chmod', '700', '/srv/shop/releases/r45');
      link(host, 'shop', 'r45');
      host.sh('systemctl restart --no-block shop');
    }),
  heal: (lab) =>
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: ['release-failing'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'dependency'],
  },
});
