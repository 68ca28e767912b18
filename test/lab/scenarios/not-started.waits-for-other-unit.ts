import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const STORAGE = `[Unit]
Description=Storage of the shop
[Service]
Type=oneshot
ExecStart=/bin/sleep 900
`;
const FILE = '/etc/systemd/system/shop-storage.service';

export default defineScenario({
  fault:
    'The unit comes after one that looks for storage and does not end; after a restart of every host the start of the app waits in the queue.',
  because:
    'Inactive, and no start was ever tried: its job waits for that of another unit. Nothing failed, and nobody listens.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', STORAGE, FILE);
      layDropIn(host, 'shop', ['[Unit]', 'Wants=shop-storage.service', 'After=shop-storage.service']);
      host.sh('systemctl stop shop; systemctl daemon-reload; systemctl start --no-block shop');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh('systemctl stop shop-storage');
      host.run('rm', '-f', FILE);
      restoreUnit(host, 'shop');
      host.sh('systemctl reset-failed shop-storage 2>/dev/null || :');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-inactive', 'unit-starting'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'overload', 'routing'],
  },
});
