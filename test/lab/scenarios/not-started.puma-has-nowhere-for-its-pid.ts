import { endOtherShop } from '../faults/other-shop.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

const TMP = '/srv/shop/releases/r41/tmp';
const JOB = 'free-disk-space';

export default defineScenario({
  fault:
    'A shop of Ruby writes its pid into tmp/pids below its release. A clean-up job emptied tmp on every host, that folder as well; nobody saw it until the shop was restarted for new libraries.',
  because:
    'Puma ends at each start with "No such file or directory @ rb_sysopen - tmp/pids/puma.pid" and systemd tries again and again, on every host at once; nothing stays on port 8000 behind nginx. The release is as old as ever, the disk has room, and database, cache and payments answer.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 10,
  inject: async (lab) => {
    for (const host of lab.web)
      host.sh(`install -d -o www-data ${TMP} ${TMP}/pids ${TMP}/cache
        head -c 2000000 /dev/zero >${TMP}/cache/fragments`);
    await runRubyShop(lab, [], '--pidfile tmp/pids/puma.pid');
    for (const host of lab.web)
      host.sh(`systemd-run -q --collect --unit=${JOB} --property=Type=oneshot \
          find /srv/shop/current/tmp -mindepth 1 -delete
        systemctl start dpkg-db-backup.service || :`);
    for (const host of lab.web) host.run('systemctl', 'restart', '--no-block', 'shop');
  },
  heal: ({ web }) => web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'unit-crash-looping',
      'unit-failed',
      'unit-restarted-repeatedly',
      'port-not-listening',
      'port-refused',
    ],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'routing', 'deliberate'],
  },
});
