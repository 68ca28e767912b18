import { setTimeout as sleep } from 'node:timers/promises';
import { endRefusedMonitor, startRefusedMonitor } from '../faults/bystanders.js';
import { setAside, setReady } from '../faults/members.js';
import { endSickReports, queueNightJobs, startSickReports } from '../faults/scares-beside.js';
import { endSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'A service for reports on each host says 503, which the log of the desk tells with each page and each check, for it then shows no link there. web-3 is in maintenance on purpose, the desk was killed on web-1 some seconds ago and came back by itself, night jobs wait for one another by an advisory lock in the database of the desk, and Redis refuses a monitoring.',
  because:
    'Every page of the desk is 200, and the two members that are meant to serve are up. "HTTP Error 503" in its log is an answer that it got from the reports and can do without; the jobs wait for a lock that no page takes, Redis refuses the password of another program, and web-1 was back within seconds.',
  service: 'desk',
  users: [200],
  settleSeconds: 6,
  inject: async (lab) => {
    startRefusedMonitor(lab);
    lab.web.forEach((host) => startSickReports(host));
    queueNightJobs(lab, 'desk');
    await sleep(6000);
    lab.host('web-1').run('systemctl', 'kill', '--kill-whom=main', '--signal=KILL', 'desk');
    await sleep(5000);
    await untilWell(lab);
    setAside(lab, 'desk', 'maint', ['web-3']);
  },
  heal: (lab) => {
    setReady(lab, 'desk');
    endRefusedMonitor(lab);
    endSessions(lab);
    lab.web.forEach((host) => {
      endSickReports(host);
      startAnew(host, 'desk');
    });
  },
  expect: { status: 'healthy', cause: null },
});
