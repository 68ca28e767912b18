import { setTimeout as sleep } from 'node:timers/promises';
import { endRefusedLogins, startRefusedLogins } from '../faults/bystanders.js';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { fillOldPictures, removeOldPictures } from '../faults/scares-beside.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const ENV = '/etc/desk/env';
const KEPT = '/root/desk-env.kept';

export default defineScenario({
  fault:
    'Somebody wrote a comment behind a setting of the desk ("POOL_SIZE=4 # one for each two threads"), which systemd takes as part of the value, and restarted it on every host. Beside it stand a rollout of the shop that is half done, a monitoring that calls PgBouncer with the login of the desk and the password of last year, and a full disk of old pictures.',
  because:
    'gunicorn ends at each start with "ValueError: invalid literal for int() with base 10" and the very value of the settings, before it has called anybody; systemd tries again every two seconds, on every host. The release of the desk is nine days old; the new release and the member that is set aside are those of the shop, the refused logins come from another machine, and nothing of the desk is on the full disk.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    startRefusedLogins(lab);
    lab.web.forEach((host) => fillOldPictures(host));
    deploy(lab.host('web-1'), { service: 'shop', release: 'r42', begins: '# New texts.' });
    await sleep(6000);
    await untilWell(lab);
    setAside(lab, 'shop', 'drain', ['web-2']);
    lab.web.forEach((host) =>
      host.sh(`cp -p ${ENV} ${KEPT}
        sed -i 's/^POOL_SIZE=4$/POOL_SIZE=4 # one for each two threads/' ${ENV}
        systemctl restart --no-block desk`),
    );
  },
  heal: (lab) => {
    endRefusedLogins(lab);
    setReady(lab, 'shop');
    lab.web.forEach((host) => {
      removeOldPictures(host);
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${ENV}`);
      startAnew(host, 'desk');
    });
    removeReleases(lab.host('web-1'), 'shop');
    startAnew(lab.host('web-1'), 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: [
      ...(['deployment', 'overload', 'dependency', 'database-connections'] as const),
      ...(['routing', 'deliberate'] as const),
    ],
  },
});
