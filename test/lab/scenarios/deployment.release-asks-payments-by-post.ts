import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, removeReleases } from '../faults/new-release.js';
import { setPayments } from '../faults/payments.js';
import { endDeadImagesSite, forgetReadTransactions, startDeadImagesSite } from '../faults/scares-beside.js';
import { endSessions } from '../faults/sql-session.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'Release r42 asks the payment service by POST, as its next version will want it; the present one answers 501 to that. It went out to every host. Beside it the payment service takes more than a second for each answer, as ever, a colleague has forgotten three transactions in the database, and nginx complains several times a second of a site for images whose server was given up long ago.',
  because:
    'Every page fails with "HTTP Error 501: Unsupported method (\'POST\')" on every host, for the first time when the link was led to r42; the health page does not ask payments and is 200. The payment service was not changed and answers a GET from the same hosts with 200, if slowly, which is how r41 asked and served everybody a moment before: it is the release that asks what nobody offers.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    setPayments(lab, 'slow 1.3');
    startDeadImagesSite(lab);
    forgetReadTransactions(lab, 'shop');
    await sleep(6000);
    await untilWell(lab);
    lab.web.forEach((host) =>
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: 's/urlopen(PAYMENTS_URL, timeout=8)/urlopen(urllib.request.Request(PAYMENTS_URL, method="POST"), timeout=8)/',
      }),
    );
    await sleep(4000);
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    endSessions(lab);
    endDeadImagesSite(lab);
    lab.web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      ...(['database-connections', 'overload', 'not-started', 'routing', 'deliberate'] as const),
      ...(['health-check', 'dependency-slow', 'dependency-unreachable'] as const),
    ],
  },
});
