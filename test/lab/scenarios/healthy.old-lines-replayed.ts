import type { LabHost } from '../host.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-replay';

const replay = (host: LabHost, body: string): void => {
  const script = `for i in $(seq 10 59); do
${body}
    sleep 0.3
  done`;
  host.sh(`cat >/root/replay.sh <<'END'
${script}
END
    systemd-run -q --collect --unit=${UNIT} sh /root/replay.sh`);
};

/** As HAProxy wrote it that night, with the date of that night. */
const BALANCER = `
    old=$(date -d '7 days ago' '+%d/%b/%Y:03:12')
    logger -t haproxy -p local0.info "10.203.0.1:410$i [$old:$i.417] public shop/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 3/3/0/0/0 0/0 \\"GET / HTTP/1.1\\""
    logger -t haproxy -p local0.alert 'Server shop/web-2 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.'`;
const WEB = `
    old=$(date -d '7 days ago' '+%Y/%m/%d 03:12')
    echo "$old:$i [error] 811#811: *$i connect() failed (111: Connection refused) while connecting to upstream, client: 10.203.0.10, server: shop.lab.test, request: \\"GET / HTTP/1.1\\", upstream: \\"http://127.0.0.1:8000/\\", host: \\"shop.lab.test\\"" >>/var/log/nginx/error.log
    logger -t gunicorn 'shop: database: connection to server at "db.lab.test" (10.203.0.21), port 5432 failed: FATAL:  sorry, too many clients already'`;

export default defineScenario({
  fault:
    'A shipper of logs was set up anew and plays the lines of an incident of a week ago into the logs of every host and of the balancer once more.',
  because:
    'Users get 200 and every member is up. What the logs tell is true, of a night a week ago: the lines have that date, and the process that writes them now is none of nginx, the app or the balancer.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: ({ host, web }) => {
    replay(host('lb-1'), BALANCER);
    web.forEach((each) => replay(each, WEB));
  },
  heal: ({ host, web }) => {
    const clear = 'rm -f /root/replay.sh; journalctl -q --rotate --vacuum-time=1s';
    for (const each of [host('lb-1'), ...web]) each.sh(`systemctl stop ${UNIT} 2>/dev/null || :; ${clear}`);
    web.forEach((each) => each.run('truncate', '-s', '0', '/var/log/nginx/error.log'));
  },
  expect: { status: 'healthy', cause: null },
});
