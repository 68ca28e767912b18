import { endLoad, startLoad } from '../faults/load.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx lets two requests a second through and refuses the rest; on one host the app is stopped besides.',
  because:
    'The 503 bears the marks of nginx, and its log tells of a limit. The stopped host is out of the pool and hurts nobody: true, and not the cause.',
  service: 'shop',
  users: [503],
  inject: ({ web, host }) => {
    host('web-3').run('systemctl', 'stop', 'shop');
    web.forEach((each) =>
      addToNginx(each, [
        'location = / {',
        'limit_req zone=clients;',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
      ]),
    );
    startLoad('http://shop.lab.test/', 6, 30);
  },
  heal: ({ web, host }) => {
    endLoad();
    web.forEach(removeFromNginx);
    host('web-3').run('systemctl', 'start', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    root: 'rate-limited',
    hop: 'proxy',
    found: ['unit-inactive'],
  },
});
