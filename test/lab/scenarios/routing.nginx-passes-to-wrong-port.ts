import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'nginx passes the start page to port 8010, where nothing listens; the health page goes to the app.',
  because:
    'Members are up, nginx says 502 and logs "Connection refused" for 127.0.0.1:8010. The app listens on 8000 and answers this very request.',
  service: 'shop',
  users: [502],
  inject: ({ web }) =>
    web.forEach((host) => addToNginx(host, ['location = / {', 'proxy_pass http://127.0.0.1:8010;', '}'])),
  heal: ({ web }) => web.forEach(removeFromNginx),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'wrong-upstream',
    hop: 'proxy',
    notSaid: ['not-started', 'deliberate', 'overload'],
  },
});
