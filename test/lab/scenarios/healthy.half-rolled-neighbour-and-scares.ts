import { setTimeout as sleep } from 'node:timers/promises';
import { endDeployTool, startDeployTool } from '../faults/deploy-tool.js';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { setPayments } from '../faults/payments.js';
import {
  endDeadImagesSite,
  fillOldPictures,
  forgetReadTransactions,
  removeOldPictures,
  startDeadImagesSite,
} from '../faults/scares-beside.js';
import { endSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'A rollout of the desk is under way on the hosts of the shop: web-1 has the new release, web-2 is drained as the next, and the tool is at work there. The payment service takes more than a second, a disk of old pictures is full, a colleague has forgotten three transactions, and nginx complains several times a second of a site for images whose server was given up long ago.',
  because:
    'Every page of the shop is 200 and all its members are up. The rollout is that of the desk, whose other hosts serve; nothing of the shop is on the full disk, the transactions only read and leave room, and each 502 of nginx is for another site.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: async (lab) => {
    setPayments(lab, 'slow 1.3');
    startDeadImagesSite(lab);
    forgetReadTransactions(lab, 'shop');
    lab.web.forEach((host) => fillOldPictures(host));
    deploy(lab.host('web-1'), { service: 'desk', release: 'd8', begins: '# New colours.' });
    await sleep(6000);
    await untilWell(lab);
    setAside(lab, 'desk', 'drain', ['web-2']);
    startDeployTool(lab.host('web-2'));
  },
  heal: (lab) => {
    endDeployTool(lab.host('web-2'));
    setReady(lab, 'desk');
    setPayments(lab, 'ok');
    endSessions(lab);
    endDeadImagesSite(lab);
    lab.web.forEach((host) => removeOldPictures(host));
    removeReleases(lab.host('web-1'), 'desk');
    startAnew(lab.host('web-1'), 'desk');
  },
  expect: { status: 'healthy', cause: null },
});
