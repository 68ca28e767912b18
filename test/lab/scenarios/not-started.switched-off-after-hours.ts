import { giveGroups, takeGroups } from '../faults/blindness.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'after-hours';
const FOLDER = '/etc/systemd/system';

export default defineScenario({
  fault:
    'The timer that switches test machines off after hours, to save money, came to the hosts of the desk with a change of their group in the inventory: it stopped the unit on every host. diag503 may read no journal there.',
  because:
    'All members are DOWN with L4CON; on every host the unit is inactive with the result success, and nobody listens on its port. It did not crash, no release came, and the hosts have all the room that they want: something stopped it in order, and nothing starts it again.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) => {
    for (const host of web) {
      takeGroups(host, ['adm', 'systemd-journal']);
      host.sh(`printf '[Service]\\nType=oneshot\\nExecStart=/bin/systemctl stop desk.service\\n' >${FOLDER}/${UNIT}.service
        printf '[Timer]\\nOnActiveSec=2s\\nAccuracySec=1s\\n' >${FOLDER}/${UNIT}.timer
        systemctl daemon-reload; systemctl start ${UNIT}.timer`);
    }
  },
  heal: ({ web }) => {
    for (const host of web) {
      host.sh(`systemctl stop ${UNIT}.timer ${UNIT}.service 2>/dev/null || :
        rm -f ${FOLDER}/${UNIT}.timer ${FOLDER}/${UNIT}.service
        systemctl daemon-reload; systemctl start desk`);
      giveGroups(host);
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['deployment', 'overload', 'dependency', 'database-connections', 'routing'],
  },
});
