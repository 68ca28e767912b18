import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endSickReports, forgetReadTransactions, startSickReports } from '../faults/scares-beside.js';
import { endSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The desk is to move to port 9110 next week, and the balancer has the new port in the lines of its members already; their checks ask 9100, as a setting of their own says (port 9100). Beside it the desk was killed on web-2 some seconds before and came back by itself, a service for reports fails, which the log of the desk tells with each check, and a colleague has forgotten three transactions.',
  because:
    'All members are UP, and yet the balancer is refused by each of them and logs SC with the name of a server; on the hosts nothing has ever listened on 9110, while the desk answers 200 on 9100, where the checks ask. The desk runs on every host, web-2 included, shows its page without a link to the reports, and has room in its database.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => startSickReports(host));
    forgetReadTransactions(lab, 'desk');
    await sleep(6000);
    lab.host('web-2').run('systemctl', 'kill', '--kill-whom=main', '--signal=KILL', 'desk');
    await sleep(5000);
    await untilWell(lab);
    changeBalancer(lab, '/^backend desk/,$s/^    server web-.*:9100$/& port 9100/; s/:9100 port/:9110 port/');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    endSessions(lab);
    lab.web.forEach((host) => {
      endSickReports(host);
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: [
      ...(['overload', 'dependency', 'database-connections', 'health-check'] as const),
      ...(['deployment', 'deliberate', 'unit-restarted-repeatedly', 'unit-crash-looping'] as const),
    ],
  },
});
