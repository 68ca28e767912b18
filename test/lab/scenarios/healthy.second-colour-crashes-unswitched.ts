import type { LabHost } from '../host.js';
import { removeReleases, unpack } from '../faults/new-release.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'shop-green';
const FILE = `/etc/systemd/system/${UNIT}.service`;
const GREEN = `[Unit]
Description=Shop (green)
After=network.target

[Service]
User=www-data
WorkingDirectory=/srv/shop/releases/r42
EnvironmentFile=/etc/shop/env
ExecStart=/usr/bin/gunicorn --workers 1 --bind 127.0.0.1:8001 app:application
Restart=on-failure
RestartSec=3
TimeoutStopSec=3
`;

const startGreen = (host: LabHost): void => {
  unpack(host, {
    service: 'shop',
    release: 'r42',
    begins: 'import os\nVOUCHERS_URL = os.environ["VOUCHERS_URL"]',
  });
  host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', GREEN, FILE);
  host.sh(`systemctl daemon-reload; systemctl start --no-block ${UNIT}`);
};

export default defineScenario({
  fault:
    'A blue/green deploy started release r42 beside the old one on every host, as a unit of its own on port 8001; it lacks a setting and crashes again and again, so the deploy led nobody there and left it so.',
  because:
    'Users get 200, every member is up, and the unit that serves has run for long with r41, to which the link still leads. What crashes is the colour that nobody is sent to; to try it out before the switch is what the second colour is for.',
  service: 'shop',
  users: [200],
  settleSeconds: 12,
  inject: ({ web }) => web.forEach(startGreen),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -f ${FILE}; systemctl daemon-reload
        systemctl reset-failed ${UNIT} 2>/dev/null || :
        journalctl -q --rotate --vacuum-time=1s`);
      removeReleases(host, 'shop');
    }),
  expect: { status: 'healthy', cause: null },
});
