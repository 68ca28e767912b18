import { addToNginx, addUpstream, removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { removeSorryPage, SAY_SORRY, SORRY_PAGE, writeSorryPage } from '../faults/sorry-page.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A trial of containers left its two ports in nginx on every host, one of them as the backup of the other, and the start page goes there; nginx makes a 503 with a page of the house of every 502.',
  because:
    'The page comes from nginx, and its log says that 8100 and then the backup 8101 refuse and that no live upstream is left; nothing was ever to listen there. The app runs on 8000 and answers, and the health page, which goes straight to it, keeps every member up.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      writeSorryPage(host);
      addUpstream(host, 'shop_containers', ['127.0.0.1:8100', '127.0.0.1:8101 backup']);
      addToNginx(host, [
        'location = / {',
        ...SAY_SORRY,
        'proxy_next_upstream error timeout;',
        'proxy_set_header Host $host;',
        'proxy_pass http://shop_containers;',
        '}',
        ...SORRY_PAGE,
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      removeUpstream(host);
      removeSorryPage(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'wrong-upstream',
    hop: 'proxy',
    notSaid: [
      ...(['not-started', 'overload', 'dependency', 'database-connections'] as const),
      ...(['health-check', 'deployment', 'deliberate'] as const),
    ],
  },
});
