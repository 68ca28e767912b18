import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';
import { untilAllAreDown } from '../wellness.js';

const FILE = '/etc/systemd/system/shop-tunnel.service';
const TUNNEL = `[Unit]
Description=Tunnel of the shop
[Service]
TimeoutStopSec=3
ExecStart=/bin/sh -c "echo tunnel is up; sleep 9; echo the other end closed the tunnel, bye"
`;

export default defineScenario({
  fault:
    'The unit is bound to a tunnel (BindsTo=) that nothing needs any more; the other end closed it, the tunnel ended without an error, and systemd stopped the app with it, on every host.',
  because:
    'The app is inactive after a clean stop that nobody asked for: the journal has the end of the tunnel and, at the same second, the stop of the shop, which ran and served until then. Nothing failed, so nothing is started again.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => {
      host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', TUNNEL, FILE);
      changeUnit(host, 'shop', ['[Unit]', 'BindsTo=shop-tunnel.service', 'After=shop-tunnel.service']);
    });
    await untilAllAreDown(lab, 'shop');
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('rm', '-f', FILE);
      restoreUnit(host, 'shop');
      host.sh(
        'systemctl stop shop-tunnel 2>/dev/null || :; systemctl reset-failed shop-tunnel 2>/dev/null || :',
      );
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'routing', 'deliberate'],
  },
});
