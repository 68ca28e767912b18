import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx asks a gatekeeper on port 4180 of its host before each page (auth_request), and there is none any more.',
  because:
    'nginx says 500 of its own and logs "connect() failed (111: Connection refused)" for /gate and "auth request unexpected status: 502"; the app is not asked and would answer this very request. Whether one says that nginx asks at a wrong place or that what it needs is gone: it is neither the app nor anything that the app needs.',
  service: 'shop',
  users: [500],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      addToNginx(host, [
        'location = / {',
        'auth_request /gate;',
        'proxy_set_header Host $host;',
        'proxy_pass http://127.0.0.1:8000;',
        '}',
        'location = /gate {',
        'internal;',
        'proxy_pass_request_body off;',
        'proxy_pass http://127.0.0.1:4180;',
        '}',
      ]),
    ),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'auth-request-failing',
      'wrong-upstream',
      'undeclared-dependency',
      'dependency-unreachable',
      'dependency-failing',
    ],
    hop: 'proxy',
    notSaid: ['not-started', 'overload', 'database-connections', 'deployment', 'health-check', 'deliberate'],
  },
});
