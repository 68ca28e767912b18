import { deploy, removeReleases } from '../faults/new-release.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release d8 reads a new setting, which its deploy brings along in a drop-in of the unit; the deploy restarted the app on every host and forgot systemctl daemon-reload.',
  because:
    "Each start since the link changed ends with KeyError: 'TICKET_QUEUE', on every host. The setting stands in the unit on the disk, but systemd says that it has not read it (NeedDaemonReload=yes) and starts the app by the old one: a deploy that left out a step.",
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) => {
      layDropIn(host, 'desk', ['[Service]', 'Environment=TICKET_QUEUE=first-level']);
      deploy(host, {
        service: 'desk',
        release: 'd8',
        begins: 'import os\nTICKET_QUEUE = os.environ["TICKET_QUEUE"]',
      });
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
    root: ['release-failing', 'rollout-in-progress'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
