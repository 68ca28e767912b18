import type { LabHost } from '../host.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

/** Through a proc of its own for a moment: the one that a host has is read-only there. */
const ipv6Only = (host: LabHost, value: 0 | 1): string =>
  host.sh(
    `unshare --mount sh -euc 'mount -t proc proc /mnt; echo ${String(value)} >/mnt/sys/net/ipv6/bindv6only'`,
  );

export default defineScenario({
  fault:
    'The unit binds the desk to [::]:9100, which was good for IPv4 as well until a hardening set net.ipv6.bindv6only=1 on every host; it shows since the app was restarted.',
  because:
    'The app runs and listens at [::]:9100, and answers there by IPv6; by IPv4, which is all that the balancer and its network speak, the port is refused, on the host itself as well.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      ipv6Only(host, 1);
      changeUnit(host, 'desk', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 1 --threads 8 --backlog 32 --bind [::]:9100 --timeout 60 --graceful-timeout 3 main:app',
      ]);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      ipv6Only(host, 0);
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['port-refused', 'port-not-listening'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'deployment', 'deliberate'],
  },
});
