import type { LabHost } from '../host.js';
import { endProgram } from '../faults/background-program.js';
import { defineScenario } from '../scenario.js';

const CONFIG = '/etc/nginx/conf.d/shop.conf';
const KEPT = '/root/shop.conf.before';
const FIGURES = 'order-figures';
const TIDY = 'tidy-sessions';

/** Takes some seconds each time, in a session of its own, and disturbs nobody. */
const REPORT = `
while :; do
  echo 'select count(*) from orders a, orders b, orders c where c.id <= 120 and a.id + b.id > c.id;'
  sleep 12
done | PGPASSWORD=shop-secret PGAPPNAME=order-figures psql -qXAt -h 127.0.0.1 -U shop shop
`;

/** By the address of the host instead of the loopback, as the new template has it for every site. */
const useHostAddress = (host: LabHost): void => {
  host.sh(`[ -e ${KEPT} ] || cp -p ${CONFIG} ${KEPT}
    sed -i 's,proxy_pass http://127.0.0.1:8000;,proxy_pass http://${host.address}:8000;,' ${CONFIG}
    nginx -t -q; systemctl reload nginx`);
};

const restore = (host: LabHost): void => {
  host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${CONFIG}
    find /etc/nginx -exec touch -h -d '9 days ago' {} +
    nginx -t -q; systemctl reload nginx
    truncate -s 0 /var/log/nginx/error.log
    systemctl reset-failed ${TIDY} 2>/dev/null || :`);
};

export default defineScenario({
  fault:
    "A new template of the configuration management has nginx on every host pass to the host's own network address instead of 127.0.0.1, with the right port; the shop listens on the loopback only. A nightly job ran on the hosts just before, and a report takes seconds for each statement, as ever.",
  because:
    'All members are DOWN with L7STS 502: nginx answers, and its log says "connect() failed (111: Connection refused)" for http://10.203.0.11:8000 and its like. The unit has run for long, listens on 127.0.0.1:8000 and answers there with 200; database, cache and payments are well.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: ({ host, web }) => {
    host('db-1').run(
      ...['systemd-run', '-q', '--collect', '--property=TimeoutStopSec=3', `--unit=${FIGURES}`],
      ...['sh', '-c', REPORT],
    );
    for (const each of web) {
      const tidy = 'find /var/tmp -maxdepth 1 -name "sess_*" -mtime +7 -delete; echo "old sessions removed"';
      each.run('systemd-run', '-q', '--collect', `--unit=${TIDY}`, 'sh', '-c', tidy);
      useHostAddress(each);
    }
  },
  heal: ({ host, web }) => {
    endProgram(host('db-1'), FIGURES);
    web.forEach(restore);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'wrong-upstream',
    hop: ['balancer', 'proxy'],
    notSaid: ['not-started', 'overload', 'deployment', 'dependency', 'database-connections', 'deliberate'],
  },
});
