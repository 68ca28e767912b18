import type { LabHost } from '../host.js';
import { endLoad, startLoad } from '../faults/load.js';
import { addToNginx, removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UPSTREAM = [
  'upstream shop_app {',
  'zone shop_app 64k;',
  'server 127.0.0.1:8000 max_conns=2;',
  '}',
].join('\n');

const limitPlaces = (host: LabHost): void => {
  // The file that `removeUpstream` takes away.
  host.run('sh', '-euc', `printf '%s\\n' "$1" >/etc/nginx/conf.d/lab-upstream.conf`, 'sh', UPSTREAM);
  addToNginx(host, [
    'location ~ ^/(sleep)?$ {',
    'proxy_set_header Host $host;',
    'proxy_pass http://shop_app;',
    '}',
  ]);
};

export default defineScenario({
  fault:
    'nginx on every host opens two connections to the app at most (max_conns=2 of its upstream), one fewer than the app has workers; customers of a slow page have taken both places.',
  because:
    'nginx answers 502 at once and logs "no live upstreams", which sounds like a dead app and is none: nobody refused a connection, the app listens, has a worker free and answers on its port, and the health page, which goes straight to it, keeps every member up. The places that nginx has for the app are full of slow pages.',
  service: 'shop',
  users: [502],
  settleSeconds: 4,
  inject: ({ web }) => {
    web.forEach(limitPlaces);
    startLoad('http://shop.lab.test/sleep?19', 12, 300);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      removeFromNginx(host);
      removeUpstream(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    // A limit that somebody set, or pages that are too slow for it: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['concurrency-limited', 'workers-busy'],
    hop: 'proxy',
    notSaid: ['not-started', 'dependency', 'database-connections', 'deployment', 'health-check', 'routing'],
  },
  wrongBecause:
    'nginx logs the same words for servers that failed, and for ones that somebody switched off (`down`); which of them it is stands in its configuration, which is not read for that. Requests that the app holds tell them apart here, and not on a site with idle connections, long requests or a log that is full of refusals.',
});
