import { checkAgain, stopChecking } from '../faults/members.js';
import { startAnew } from '../faults/start-anew.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const ENVIRONMENT = '/srv/shop/venv';

export default defineScenario({
  fault:
    'An upgrade of the system took Python 3.10 away, on which the virtual environment of the app stands; every host was restarted afterwards, and the balancer checks nothing.',
  because:
    'systemd says 203/EXEC and "No such file or directory" of a program that is there: what its first line names is gone. Nothing of the app was changed, it cannot be begun, and nginx says 502.',
  service: 'shop',
  users: [502],
  settleSeconds: 4,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    for (const host of lab.web) {
      host.sh(`mkdir -p ${ENVIRONMENT}/bin; cd ${ENVIRONMENT}/bin
        ln -sfn /usr/local/bin/python3.10 python3
        { echo '#!${ENVIRONMENT}/bin/python3'; tail -n +2 /usr/bin/gunicorn; } >gunicorn; chmod 755 gunicorn
        find ${ENVIRONMENT} /srv/shop -maxdepth 2 -exec touch -h -d '9 days ago' {} +`);
      layDropIn(host, 'shop', [
        '[Service]',
        'ExecStart=',
        `ExecStart=${ENVIRONMENT}/bin/gunicorn --workers 3 --backlog 16 --bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3 app:application`,
      ]);
      host.sh(`find /etc/systemd/system/shop.service.d -exec touch -d '9 days ago' {} +
        systemctl daemon-reload; systemctl restart --no-block shop`);
    }
  },
  heal: (lab) => {
    for (const host of lab.web) {
      restoreUnit(host, 'shop');
      startAnew(host, 'shop');
      host.sh(`rm -rf ${ENVIRONMENT}; touch -d '9 days ago' /srv/shop`);
    }
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'proxy',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'routing', 'deliberate'],
  },
});
