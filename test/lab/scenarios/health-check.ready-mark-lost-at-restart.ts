import { setTimeout as sleep } from 'node:timers/promises';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const MARK = '/run/desk/ready';
const ASK_FOR_MARK = [
  's|^    handler = PAGES.get.*|',
  `    if environ["PATH_INFO"] == "/status" and not os.path.exists("${MARK}"):\\n`,
  '        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])\\n',
  '        return [b"not ready"]\\n',
  '&|',
].join('');

export default defineScenario({
  fault:
    'The health page of the desk says 503 until a mark is in its runtime folder, which the deploy writes as its last step. After an upgrade of libraries somebody restarted the desk by hand on every host: systemd made the folder anew, and nobody writes the mark.',
  because:
    'All members are DOWN with L7STS 503, and the health page is two words, "not ready", for as long as one likes; every other page is 200 at once on every host. The unit is active, no release came, and database and sessions are well: the check asks for a mark, not for the app.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: async ({ web }) => {
    for (const host of web) {
      layDropIn(host, 'desk', ['[Service]', 'RuntimeDirectory=desk']);
      host.sh(`find /etc/systemd/system/desk.service.d -exec touch -h -d '9 days ago' {} +
        systemctl daemon-reload; install -d -o games /run/desk; touch ${MARK}`);
      wakeBug(host, 'desk', 'main.py', ASK_FOR_MARK);
    }
    await sleep(7000);
    await untilUsersGet('http://desk.lab.test/', [200]);
    for (const host of web) host.run('systemctl', 'restart', '--no-block', 'desk');
    // While all of them start there is a 503 as well, which is not the one that is meant.
    await sleep(6000);
  },
  heal: ({ web }) => {
    for (const host of web) {
      bugSleeps(host, 'desk', 'main.py');
      restoreUnit(host, 'desk');
      host.run('rm', '-rf', '/run/desk');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['health-endpoint-failing', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'overload', 'dependency', 'database-connections', 'routing'],
  },
});
