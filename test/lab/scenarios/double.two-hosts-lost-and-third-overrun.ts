import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const LOST = ['web-1', 'web-2'] as const;
const PROGRAM = '/usr/bin/gunicorn';

export default defineScenario({
  fault:
    'A script that tidies rights took the right to execute gunicorn away on web-1 and web-2 and restarted the app there; the customers, whom three hosts serve well, are too many for web-3 alone.',
  because:
    'On two of three hosts each start ends with 203/EXEC, "Permission denied". web-3 has the same code and is well, but all its workers are busy with a threefold share, its health check waits too long behind them, and the balancer takes it out from time to time. Its overload is a consequence: with the two others back, there is none.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ host }) => {
    startLoad('http://shop.lab.test/sleep?2', 7, 300);
    for (const name of LOST) host(name).sh(`chmod 644 ${PROGRAM}; systemctl restart --no-block shop`);
  },
  heal: ({ web, host }) => {
    endLoad();
    for (const name of LOST) host(name).run('chmod', '755', PROGRAM);
    for (const each of web) startAnew(each, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly', 'port-not-listening'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
