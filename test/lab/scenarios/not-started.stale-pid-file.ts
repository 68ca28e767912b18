import { giveGroups, takeGroups } from '../faults/blindness.js';
import { startAnew } from '../faults/start-anew.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const FILE = '/var/lib/shop/gunicorn.pid';

export default defineScenario({
  fault:
    'gunicorn finds the pid file of an earlier life on every host, whose number now belongs to another process, and will not start; diag503 may not read the journals.',
  because:
    'The unit ends with status 1 again and again and nobody listens: systemd tells that to everybody. "Already running on PID 1 (or pid file is stale)" stands in a journal that cannot be read, so the reason stays open, the cause does not.',
  service: 'shop',
  users: [503],
  settleSeconds: 9,
  inject: ({ web }) =>
    web.forEach((host) => {
      takeGroups(host, ['adm', 'systemd-journal']);
      // The number of a process that lives for certain.
      host.sh(`echo 1 >${FILE}; chown www-data ${FILE}; touch -d '9 days ago' ${FILE}`);
      changeUnit(host, 'shop', ['[Service]', `Environment="GUNICORN_CMD_ARGS=--pid ${FILE}"`]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      giveGroups(host);
      host.run('rm', '-f', FILE);
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
  wrongBecause:
    'The cause is right. Each host was in the first seconds of one more start when it was looked at, and such a start is no sure cause.',
});
