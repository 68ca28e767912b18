import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx passes the start page to a unix socket that nobody makes; the health page goes to the app.',
  because:
    'nginx answers 502 and logs "connect() to unix:/run/shop/web.sock failed (2: No such file or directory)"; the app answers on its port.',
  service: 'shop',
  users: [502],
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, ['location = / {', 'proxy_pass http://unix:/run/shop/web.sock;', '}']),
    ),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: ['wrong-upstream'],
    hop: 'proxy',
    notSaid: ['not-started', 'deployment', 'overload', 'dependency', 'health-check'],
  },
});
