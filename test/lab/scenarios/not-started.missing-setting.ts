import { checkAgain, stopChecking } from '../faults/members.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody loses PAYMENTS_URL from the settings on every host and restarts; the balancer checks nothing.',
  because:
    "The app ends with KeyError: 'PAYMENTS_URL' at each start, and nginx says 502; the release is old.",
  service: 'shop',
  users: [502],
  settleSeconds: 3,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.web.forEach((host) =>
      host.sh(
        'cp -a /etc/shop/env /etc/shop/env.kept; sed -i /PAYMENTS_URL/d /etc/shop/env; systemctl restart --no-block shop',
      ),
    );
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      host.sh('[ ! -e /etc/shop/env.kept ] || mv -f /etc/shop/env.kept /etc/shop/env');
      restoreUnit(host, 'shop');
    });
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'proxy',
    notSaid: ['deployment', 'dependency'],
  },
});
