import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx itself answers the health page on every host, without the app; on two hosts the app is stopped.',
  because:
    'Every member is UP, and two thirds of the pages get 502: nginx is refused on port 8000 of web-1 and web-2, whose units are inactive. The check only hides it.',
  service: 'shop',
  users: [200, 502],
  settleSeconds: 6,
  inject: ({ web, host }) => {
    web.forEach((each) => addToNginx(each, ['location = /health/ { return 200 "ok"; }']));
    for (const name of ['web-1', 'web-2'] as const) host(name).run('systemctl', 'stop', 'shop');
  },
  heal: ({ web, host }) => {
    for (const name of ['web-1', 'web-2'] as const) host(name).run('systemctl', 'start', 'shop');
    web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-inactive', 'port-not-listening'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
