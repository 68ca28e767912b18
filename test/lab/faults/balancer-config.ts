import type { Lab } from '../lab.js';

/**
 * systemd is done with a reload before HAProxy is: until the new process has the socket and the ports, the old one answers,
 * and what is told it is forgotten with it.
 */
const RELOAD = `
  pid() { echo 'show info' | socat -t2 stdio /run/haproxy/lab.sock 2>/dev/null | sed -n 's/^Pid: //p'; }
  before=$(pid)
  systemctl reload haproxy
  for try in $(seq 100); do
    now=$(pid)
    [ -n "$now" ] && [ "$now" != "$before" ] && exit 0
    sleep 0.05
  done
  echo 'the reloaded HAProxy does not answer on its socket' >&2
  exit 1`;

/** Changes the balancer's configuration by a sed expression and reloads it. */
export function changeBalancer(lab: Lab, edit: string): void {
  lab.host('lb-1').run(
    'sh',
    '-euc',
    `cd /etc/haproxy; [ -e kept.cfg ] || cp -p haproxy.cfg kept.cfg
     sed -i "$1" haproxy.cfg; touch -r kept.cfg haproxy.cfg; ${RELOAD}`,
    'sh',
    edit,
  );
}

/** The page that HAProxy shows instead of its own wherever it answers 503 itself. */
export function writeBalancerPage(lab: Lab, file: string, text: string): void {
  const page = ['HTTP/1.0 503 Service Unavailable', 'Cache-Control: no-cache', 'Content-Type: text/html'];
  const script = 'printf "%s" "$1" >"$2"; touch -d "9 days ago" "$2"';
  lab.host('lb-1').run('sh', '-euc', script, 'sh', [...page, '', text].join('\r\n'), file);
}

export const restoreBalancer = (lab: Lab): void => {
  lab.host('lb-1').sh(`cd /etc/haproxy; [ -e kept.cfg ] || exit 0; mv -f kept.cfg haproxy.cfg; ${RELOAD}`);
};
