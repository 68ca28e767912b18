import { checkAgain, stopChecking } from '../faults/members.js';
import { allowSsh, blockSsh } from '../faults/ssh.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app is stopped on the one host that lets nobody in by SSH; the balancer goes on sending requests there.',
  because:
    'A third of the requests get 502, and the two hosts that can be seen are well: the reason is on the third, which must be named, and cannot be told.',
  service: 'shop',
  users: [200, 502],
  settleSeconds: 3,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.host('web-2').run('systemctl', 'stop', 'shop');
    blockSsh(lab.host('web-2'));
  },
  heal: (lab) => {
    allowSsh(lab.host('web-2'));
    lab.host('web-2').run('systemctl', 'start', 'shop');
    checkAgain(lab, 'shop');
  },
  expect: { status: 'inconclusive', cause: null },
});
