import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const SECRETS = `[Unit]
Description=Secrets of the shop
[Service]
Type=oneshot
ExecStart=/bin/sh -c "echo no token for the vault; exit 1"
`;
const FILE = '/etc/systemd/system/shop-secrets.service';

export default defineScenario({
  fault:
    'The unit requires another one that fetches secrets, and that one fails after a restart of every host.',
  because: 'Inactive with "Dependency failed for Shop": the shop itself was never started.',
  service: 'shop',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', SECRETS, FILE);
      changeUnit(host, 'shop', ['[Unit]', 'Requires=shop-secrets.service', 'After=shop-secrets.service']);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('rm', '-f', FILE);
      restoreUnit(host, 'shop');
      host.sh('systemctl reset-failed shop-secrets 2>/dev/null || :');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'balancer',
  },
});
