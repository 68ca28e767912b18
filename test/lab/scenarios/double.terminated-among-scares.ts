import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const ARCHIVE = '/var/spool/mail-archive';

export default defineScenario({
  fault:
    'Somebody ended the app by a signal on every host, and it went without complaint. Besides, a release was linked five minutes ago and never started, java was killed for memory, and an unrelated disk is full.',
  because:
    'The units are inactive after a clean end, and nobody listens. What was linked was not run, what was killed is of somebody else, and nothing of the app writes to the full disk.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.run('mkdir', '-p', ARCHIVE);
      fillDisk(host, ARCHIVE);
      deploy(host, 'r42', { restart: false });
      host.sh(`find /srv/shop/current /srv/shop/releases/r42 -exec touch -h -d '5 minutes ago' {} +
        logger -t kernel -p kern.err 'Out of memory: Killed process 812 (java) total-vm:8123456kB, anon-rss:3912344kB'
        systemctl kill --kill-whom=main --signal=TERM shop`);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      freeDisk(host, ARCHIVE);
      withdraw(host);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-inactive'],
    hop: 'balancer',
    notSaid: ['overload', 'deployment', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
