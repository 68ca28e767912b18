import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release r42 keeps the basket in a cookie of nine thousand letters and went out to every host: nginx takes no head of an answer that is so large.',
  because:
    'Since the release each page is a 502 of nginx, which logs "upstream sent too big header"; the health page, which sets no such cookie, is well. The app itself answers 200 to the same request: nobody is down, the answer of the new release does not fit through the proxy.',
  service: 'shop',
  users: [502],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: 's/^    start_response(status, \\[/&("Set-Cookie", "basket=" + "x" * (9000 if path == "\\/" else 9)), /',
      }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
      // What nginx wrote of this fault must not be read as part of the next.
      host.run('truncate', '-s', '0', '/var/log/nginx/error.log');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'health-check', 'deliberate'],
  },
});
