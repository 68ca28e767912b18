import { deploy, link, removeReleases } from '../faults/new-release.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release d8 crashes on every host; a rollback has reached web-1, where d7 takes its time to start again.',
  because:
    'web-2 and web-3 crash since their link changed, web-1 is on its way back: the release is still the reason.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host, index) => {
      deploy(host, { service: 'desk', release: 'd8', begins: 'from sqlalchemy.missing import Ticket' });
      if (index > 0) return;
      host.sh('sleep 4');
      link(host, 'desk', 'd7');
      layDropIn(host, 'desk', ['[Service]', 'ExecStartPre=/bin/sleep 60']);
      host.sh('systemctl daemon-reload; systemctl restart --no-block desk');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: ['release-failing', 'release-skew', 'rollout-in-progress'],
    hop: 'balancer',
  },
});
