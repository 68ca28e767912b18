import { setTimeout as sleep } from 'node:timers/promises';
import { removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { startAnew } from '../faults/start-anew.js';
import type { LabHost } from '../host.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

/** One colour serves, and the other one is switched on for a deploy only. */
const UPSTREAM = [
  'upstream shop_app {',
  '  zone shop_app 64k;',
  '  server 127.0.0.1:8000 max_fails=1 fail_timeout=1h;',
  '  server 127.0.0.1:8001 down;',
  '}',
].join('\n');

const SITE = '/etc/nginx/conf.d/shop.conf';

const passToUpstream = (host: LabHost): void => {
  // The file that `removeUpstream` takes away.
  host.run('sh', '-euc', `printf '%s\\n' "$1" >/etc/nginx/conf.d/lab-upstream.conf`, 'sh', UPSTREAM);
  host.sh(`sed -i 's|proxy_pass http://127.0.0.1:8000;|proxy_pass http://shop_app;|' ${SITE}
    find /etc/nginx -exec touch -h -d '9 days ago' {} +
    nginx -t -q
    systemctl reload nginx`);
};

const passToApp = (host: LabHost): void => {
  host.sh(`sed -i 's|proxy_pass http://shop_app;|proxy_pass http://127.0.0.1:8000;|' ${SITE}`);
  removeUpstream(host);
  removeFromNginx(host);
};

export default defineScenario({
  fault:
    'nginx on every host asks an app that failed once no more for an hour (max_fails=1 fail_timeout=1h in its upstream). The shop was stopped for some seconds on every host for new libraries, and runs again.',
  because:
    'All members are DOWN with L7STS 502, and it is nginx that says so, at once: its log has one refused connection to 127.0.0.1:8000, of the moment at which the shop was stopped, and "no live upstreams" ever since, without another try. The unit is active, listens on 8000, has nothing to do and answers 200 there. nginx keeps to its upstream, which it takes for dead.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: async (lab) => {
    lab.web.forEach(passToUpstream);
    await untilWell(lab);
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
    // Long enough for a check of the balancer on each host.
    await sleep(5000);
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      passToApp(host);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['wrong-upstream', 'member-unreachable'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});
