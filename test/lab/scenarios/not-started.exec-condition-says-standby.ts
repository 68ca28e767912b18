import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const ROLE = '/etc/desk/role';

export default defineScenario({
  fault:
    'The unit starts the app only on hosts whose role is "active" (ExecCondition=); a run of the configuration management wrote "standby" into that file on every host and restarted the app.',
  because:
    'The unit is inactive with the result exec-condition, "Skipped due to exec-condition" in its journal, and nothing listens on its port. No process of the app failed, for none was started; systemd does not try again after a condition that is not met.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) => {
      layDropIn(host, 'desk', ['[Service]', `ExecCondition=/usr/bin/grep -qx active ${ROLE}`]);
      host.sh(`find /etc/systemd/system/desk.service.d -exec touch -h -d '9 days ago' {} +
        echo standby >${ROLE}; systemctl daemon-reload; systemctl restart --no-block desk`);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      restoreUnit(host, 'desk');
      host.run('rm', '-f', ROLE);
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['overload', 'deployment', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
