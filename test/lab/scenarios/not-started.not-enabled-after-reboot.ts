import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The hosts were rebooted and the unit was never enabled; the journal of before is gone.',
  because: 'The unit is inactive and disabled, and has no history whatever: it simply does not run.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(
        'systemctl disable -q desk; systemctl stop desk; journalctl -q --rotate --vacuum-time=1s; systemctl daemon-reload',
      ),
    ),
  heal: ({ web }) => web.forEach((host) => host.sh('systemctl enable -q desk; systemctl start desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed'],
    root: ['unit-inactive'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload'],
  },
});
