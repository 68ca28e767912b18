import type { LabHost } from '../host.js';
import { removeReleases, unpack } from '../faults/new-release.js';
import { defineScenario } from '../scenario.js';

const UNIT = '/etc/systemd/system/shop-green.service';

/** The second colour beside the one that is there: the same unit, on the next port, in a folder of its own. */
const startGreen = (host: LabHost): string =>
  host.sh(`ln -sfn releases/r42 /srv/shop/green
    sed 's/^Description=.*/Description=Shop (green)/; s/8000/8001/
      s,^WorkingDirectory=.*,WorkingDirectory=/srv/shop/green,' /etc/systemd/system/shop.service >${UNIT}
    systemctl daemon-reload; systemctl start --no-block shop-green`);

const untilGreenServes = (host: LabHost): string =>
  host.sh(`for i in $(seq 60); do
      ! curl -sf -m 5 -o /dev/null http://127.0.0.1:8001/ || exit 0; sleep 0.5; done
    exit 1`);

const passTo = (host: LabHost, port: number): string =>
  host.sh(`sed -i 's,proxy_pass http://127.0.0.1:.*,proxy_pass http://127.0.0.1:${String(port)};,' \
      /etc/nginx/conf.d/shop.conf
    nginx -t -q; systemctl reload nginx`);

export default defineScenario({
  fault:
    'A blue/green deploy started r42 as a second unit on port 8001, led nginx there on every host, and then, in its last step, stopped the new colour instead of the old one.',
  because:
    'nginx passes everything to port 8001, where nothing listens any more: 502, for the health page too, so all members are DOWN. The old colour runs on port 8000 as ever and answers 200; nobody sends it anything.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) => {
    for (const host of web) {
      unpack(host, { service: 'shop', release: 'r42' });
      startGreen(host);
    }
    web.forEach(untilGreenServes);
    for (const host of web) passTo(host, 8001);
    for (const host of web) host.run('systemctl', 'stop', '--no-block', 'shop-green');
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      passTo(host, 8000);
      host.sh(`find /etc/nginx -exec touch -h -d '9 days ago' {} +
        truncate -s 0 /var/log/nginx/error.log
        timeout 25 systemctl stop shop-green 2>/dev/null || :
        rm -f ${UNIT} /srv/shop/green; systemctl daemon-reload
        systemctl reset-failed shop-green 2>/dev/null || :`);
      removeReleases(host, 'shop');
      host.sh("touch -h -d '9 days ago' /srv/shop");
    }),
  expect: {
    // The proxy led astray, a port that is closed or a deploy that is half done: all three are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'wrong-upstream',
      'port-refused',
      'port-not-listening',
      'unit-inactive',
      'unit-stopping',
      'rollout-in-progress',
      'release-skew',
    ],
    hop: ['balancer', 'proxy'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deliberate'],
  },
});
