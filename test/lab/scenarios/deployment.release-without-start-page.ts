import { link, removeReleases, unpack } from '../faults/new-release.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx serves the start page as a file out of the folder of the current release, and says 503 where there is none (try_files … =503); release r42, which is on web-1 and web-2 so far, was packed without its built pages.',
  because:
    'Two pages in three get 503 of nginx, at once and without the app being asked, all from the hosts with r42; web-3 with r41 has public/index.html and serves it. The configuration is the same on all three and as old as ever: what differs is the release.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: ({ web, host }) => {
    for (const each of web) {
      each.sh(`cd /srv/shop/releases/r41; mkdir -p public; echo '<h1>Shop</h1>' >public/index.html
        touch -d '9 days ago' public/index.html public .`);
      addToNginx(each, [
        'location = / {',
        'root /srv/shop/current/public;',
        'try_files /index.html =503;',
        '}',
      ]);
    }
    for (const name of ['web-1', 'web-2'] as const) {
      unpack(host(name), { service: 'shop', release: 'r42' });
      host(name).run('rm', '-rf', '/srv/shop/releases/r42/public');
      link(host(name), 'shop', 'r42');
      host(name).sh('systemctl restart --no-block shop');
    }
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      removeReleases(host, 'shop');
      host.sh(`cd /srv/shop/releases/r41; rm -rf public; touch -d '9 days ago' .`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-skew', 'release-erring', 'release-failing', 'rollout-in-progress'],
    notSaid: [
      'deliberate',
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
    ],
  },
});
