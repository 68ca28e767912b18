import { endLoad, startLoad } from '../faults/load.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx serves two requests at once and refuses the rest; slow ones have taken both places.',
  because:
    'The 503 bears the marks of nginx and comes at once; its log says "limiting connections by zone". The app has a worker free and answers.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) => {
    web.forEach((host) =>
      addToNginx(host, [
        'location ~ ^/(sleep)?$ {',
        'limit_conn together 2;',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    );
    startLoad('http://shop.lab.test/sleep?19', 12, 300);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      removeFromNginx(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: 'concurrency-limited',
    hop: 'proxy',
    notSaid: ['not-started', 'health-check', 'dependency', 'database-connections', 'routing'],
  },
});
